// A release as those meet it who install from it: real packages of no weight, a key that the test makes, and apt with folders of its own.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { newerThan } from '../../tools/package/needed-libraries.ts';
import { PACKAGE, ROOT } from '../../tools/project.ts';
import { wanted } from '../../tools/release/release.ts';
import { type ReleaseContents, releaseFolder } from '../../tools/release/release-folder.ts';
import { SigningKey } from '../../tools/release/signing-key.ts';
import { wholeFolder } from '../../tools/release/whole-folder.ts';
import { MachineWithApt } from '../support/machine-with-apt.ts';

t.setTimeout(600_000);
const DATE = 1_700_000_000;
/** Each is another one each time: its date is in it. */
const SIGNATURES = /(?:InRelease|Release\.gpg|SHA256SUMS\.asc)$/;

const PACKAGES = {
  'apt-ftparchive': 'apt-utils',
  gpg: 'gpg',
  'gpg-agent': 'gpg-agent',
  'apt-get': 'apt',
  'dpkg-deb': 'dpkg',
};
const missing = Object.entries(PACKAGES).find(([program]) => spawnSync(program, ['--version']).status !== 0);
const needsTools = {
  skip: missing === undefined ? false : `${missing[0]} is not installed (Debian: ${missing[1]})`,
};

const work = mkdtempSync(join(tmpdir(), 'reliable-raid-release-'));
t.teardown(() => rmSync(work, { recursive: true, force: true }));

t.test('with a key', needsTools, async (t) => {
  const home = join(work, 'keys');
  mkdirSync(home, { mode: 0o700 });
  process.env['GNUPGHOME'] = home;
  t.teardown(() => spawnSync('gpgconf', ['--kill', 'all']));
  makeKey('release@example.org');
  makeKey('somebody-else@example.org');
  const key = await SigningKey.find('release@example.org');
  const stranger = await SigningKey.find('<somebody-else@example.org>');

  const folder = join(work, 'dist/release');
  const first = contents('1.0', key);
  await releaseFolder(folder, first);
  const entry = (keyFile = join(folder, 'apt/reliable-raid.asc'), place = join(folder, 'apt')) =>
    `deb [signed-by=${keyFile}] file:${place} stable main`;

  t.test('what is in it', async (t) => {
    t.same(filesOf(folder), [
      'SHA256SUMS',
      'SHA256SUMS.asc',
      'apt/dists/stable/InRelease',
      'apt/dists/stable/Release',
      'apt/dists/stable/Release.gpg',
      'apt/dists/stable/main/binary-amd64/Packages',
      'apt/dists/stable/main/binary-amd64/Packages.gz',
      'apt/dists/stable/main/binary-arm64/Packages',
      'apt/dists/stable/main/binary-arm64/Packages.gz',
      'apt/pool/main/r/reliable-raid/reliable-raid_1.0_amd64.deb',
      'apt/pool/main/r/reliable-raid/reliable-raid_1.0_arm64.deb',
      'apt/reliable-raid.asc',
      'reliable-raid-1.0-1.x86_64.rpm',
      `reliable-raid_${PACKAGE.version}.cdx.json`,
      'reliable-raid_1.0_amd64.deb',
      'reliable-raid_1.0_arm64.deb',
    ]);
    for (const name of filesOf(folder).filter((one) => /\.(?:deb|rpm)$/.test(one)))
      t.equal(statSync(join(folder, name)).mode & 0o777, 0o644, `${name} is for everybody to read`);
    const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
    t.equal(sums.split('\n').length, 5, 'two packages for Debian, one with rpm, one bill of materials');
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: folder });
    execFileSync('gpg', ['--batch', '--verify', 'SHA256SUMS.asc', 'SHA256SUMS'], {
      cwd: folder,
      stdio: 'ignore',
    });
    const release = readFileSync(join(folder, 'apt/dists/stable/Release'), 'utf8');
    t.match(release, /^Date: Tue, 14 Nov 2023 22:13:20 \+0000$/m);
    t.match(release, /^Architectures: amd64 arm64$/m);
    t.notMatch(release, /MD5|SHA1\b/);
    t.notMatch(readFileSync(join(folder, 'apt/reliable-raid.asc'), 'utf8'), /PRIVATE/);
  });

  t.test('apt trusts it, and installs what is in it', async (t) => {
    for (const architecture of ['amd64', 'arm64']) {
      const machine = newMachine(architecture);
      machine.trusts(entry());
      const update = machine.runs('apt-get', 'update');
      t.equal(update.status, 0, update.text);
      t.notMatch(update.text, /^[WE]:/m);
      t.equal(machine.candidate('reliable-raid'), '1.0');
      const download = machine.runs('apt-get', 'download', 'reliable-raid');
      t.equal(download.status, 0, download.text);
      const deb = `reliable-raid_1.0_${architecture}.deb`;
      t.same(machine.downloaded(deb), readFileSync(join(folder, deb)));
      t.match(
        machine.runs('apt-get', '--simulate', 'install', 'reliable-raid').text,
        /^Inst reliable-raid \(1\.0 /m,
      );
    }
  });

  t.test('a later release is an upgrade', async (t) => {
    const machine = newMachine('amd64');
    machine.trusts(entry());
    machine.installs([{ name: 'reliable-raid', version: '1.0' }]);
    t.equal(machine.runs('apt-get', 'update').status, 0);
    t.notMatch(machine.runs('apt-get', '--simulate', 'upgrade').text, /^Inst/m);
    await releaseFolder(folder, contents('1.1', key, DATE + 86_400));
    t.teardown(() => releaseFolder(folder, first));
    t.equal(machine.runs('apt-get', 'update').status, 0);
    t.equal(machine.candidate('reliable-raid'), '1.1');
    t.match(machine.runs('apt-get', '--simulate', 'upgrade').text, /^Inst reliable-raid \[1\.0\] \(1\.1 /m);
  });

  /** A copy of the repository that somebody has changed, and what apt says of it. */
  const refused = (change: (dists: string) => void, line = entry()) => {
    const copy = mkdtempSync(join(work, 'changed-'));
    cpSync(join(folder, 'apt'), copy, { recursive: true });
    change(join(copy, 'dists/stable'));
    const machine = newMachine('amd64');
    machine.trusts(line.replace(join(folder, 'apt '), `${copy} `));
    const { status, text } = machine.runs('apt-get', 'update');
    return { status, text, candidate: machine.candidate('reliable-raid') };
  };
  const REFUSED = { status: 100, candidate: undefined };
  const edit = (path: string, from: RegExp, to: string) =>
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));

  t.test('nobody can change a list, the list of lists, or sign it with another key', async (t) => {
    t.match(
      refused(() => undefined),
      { status: 0, candidate: '1.0' },
      'an unchanged copy is taken',
    );
    const lists = refused((dists) => {
      const path = join(dists, 'main/binary-amd64/Packages');
      edit(path, /^Version: 1\.0$/m, 'Version: 9.9');
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    });
    t.match(lists, { ...REFUSED, text: /Hash Sum mismatch|unexpected size/ });
    const listOfLists = refused((dists) => {
      for (const name of ['Release', 'InRelease']) edit(join(dists, name), /^Label: .*/m, 'Label: another');
    });
    t.match(listOfLists, { ...REFUSED, text: /BADSIG|signature|NOSPLIT/i });
    const otherKey = join(work, 'other.asc');
    writeFileSync(otherKey, await stranger.publicKey());
    t.match(
      refused(() => undefined, entry(otherKey)),
      { ...REFUSED, text: /NO_PUBKEY|not signed|Missing key/i },
    );
    const unsigned = refused((dists) => {
      for (const name of ['InRelease', 'Release.gpg']) rmSync(join(dists, name));
    });
    t.match(unsigned, { ...REFUSED, text: /not signed/ });
  });

  t.test('nobody can put another package into its place', async (t) => {
    const copy = mkdtempSync(join(work, 'changed-'));
    cpSync(join(folder, 'apt'), copy, { recursive: true });
    const deb = join(copy, 'pool/main/r/reliable-raid/reliable-raid_1.0_amd64.deb');
    renameSync(standIn('1.0', 'amd64', 'a shell for everybody'), deb);
    const machine = newMachine('amd64');
    machine.trusts(entry(undefined, copy));
    t.equal(machine.runs('apt-get', 'update').status, 0);
    t.match(machine.runs('apt-get', 'download', 'reliable-raid'), {
      status: 100,
      text: /Hash Sum mismatch|unexpected size/,
    });
  });

  t.test('made twice: the same bytes', async (t) => {
    const before = bytesOf(folder);
    await releaseFolder(folder, contents('1.0', key));
    t.same(bytesOf(folder), before);
    t.ok(before.size > 10);
  });

  t.test('without a key: no repository', async (t) => {
    const plain = join(work, 'plain');
    await releaseFolder(plain, contents('1.0', null));
    t.notOk(existsSync(join(plain, 'apt')));
    t.notOk(existsSync(join(plain, 'SHA256SUMS.asc')));
    t.ok(existsSync(join(plain, 'SHA256SUMS')));
  });

  t.test('where it fails, the last release stays as it was', async (t) => {
    const before = bytesOf(folder);
    makeKey('short-lived@example.org');
    const lost = await SigningKey.find('short-lived@example.org');
    execFileSync('gpg', ['--batch', '--yes', '--delete-secret-keys', lost.fingerprint]);
    await t.rejects(releaseFolder(folder, contents('1.2', lost)), {
      message: new RegExp(`^gpg did not sign with ${lost.fingerprint}: .`),
    });
    t.same(bytesOf(folder), before);
    t.same(readdirSync(join(work, 'dist')), ['release']);
  });

  t.test('which key is meant', async (t) => {
    const { fingerprint } = key;
    t.equal((await SigningKey.find(fingerprint)).fingerprint, fingerprint);
    t.equal((await SigningKey.find(fingerprint.slice(-16))).fingerprint, fingerprint);
    await t.rejects(SigningKey.find('nobody@example.org'), {
      message: /^gpg has no secret key "nobody@example\.org": ./,
      hint: /--list-secret-keys/,
    });
    await t.rejects(SigningKey.find('example.org'), {
      message: /means \d secret keys/,
      hint: /--key [0-9A-F]{40}$/,
    });
    makeKey('expired@example.org', '--faked-system-time', '20200101T000000');
    await t.rejects(SigningKey.find('expired@example.org'), { message: /cannot sign: it is expired/ });
  });
});

t.test('a folder is whole, also after a run that was killed', async (t) => {
  const parent = join(work, 'killed');
  const folder = join(parent, 'release');
  const fill = (text: string) => async (unfinished: string) => writeFileSync(join(unfinished, 'file'), text);
  const text = () => readFileSync(join(folder, 'file'), 'utf8');
  await wholeFolder(folder, fill('first'));
  // While it was filled.
  mkdirSync(join(parent, '.release.new'));
  writeFileSync(join(parent, '.release.new/half'), '');
  await wholeFolder(folder, fill('second'));
  t.equal(text(), 'second');
  // Between the two renames.
  renameSync(folder, join(parent, '.release.old'));
  await t.rejects(
    wholeFolder(folder, async () => Promise.reject(new Error('no room'))),
    { message: 'no room' },
  );
  t.equal(text(), 'second');
  t.same(readdirSync(folder), ['file']);
  t.same(readdirSync(parent), ['release']);
});

t.test('the command says what is wrong and what to type, before it builds anything', async (t) => {
  const run = spawnSync(process.execPath, [join(ROOT, 'tools/release/release.ts')], { encoding: 'utf8' });
  t.equal(run.status, 1);
  t.equal(run.stdout, '');
  t.match(
    run.stderr,
    /^error: no key is named .*\nhint: npm run release -- --key KEYID .*--no-repository\n$/,
  );
  for (const [args, message, hint] of [
    [['--key', ''], /^no key is named/, /--key KEYID/],
    [['--key'], /argument missing/, /^npm run release -- /],
    [['--no-repository', '--arch', 'mips'], /^no such processor: mips$/, /^--arch amd64/],
    [['--no-repository', '--key', 'me'], /^--key me and --no-repository were both given/, /leave one/],
    [['--nonsense'], /^Unknown option '--nonsense'/, /^npm run release -- /],
  ] as const)
    t.throws(() => wanted(args), { message, hint }, args.join(' '));
  t.same(wanted(['--no-repository']), { archs: ['x64', 'arm64'], keyName: null });
  t.same(wanted(['--key', 'me', '--arch', 'amd64', '--arch', 'amd64']), { archs: ['x64'], keyName: 'me' });
});

t.test('whether a program for another processor needs newer libraries', async (t) => {
  const known = ['GLIBC_2.2.5', 'GLIBC_2.28', 'GLIBCXX_3.4.9', 'GLIBCXX_3.4.21', 'GCC_3.4'];
  t.equal(newerThan(['GLIBC_2.17', 'GLIBC_2.28', 'GCC_3.0', 'GLIBCXX_3.4.20'], known), undefined);
  t.equal(newerThan(['GLIBC_2.17', 'GLIBC_2.34'], known), 'GLIBC_2.34');
  t.equal(newerThan(['GLIBCXX_3.4.30'], known), 'GLIBCXX_3.4.30');
  t.equal(newerThan(['CXXABI_1.3'], known), 'CXXABI_1.3');
});

function newMachine(architecture: string): MachineWithApt {
  return new MachineWithApt(mkdtempSync(join(work, 'machine-')), architecture);
}

function makeKey(address: string, ...options: readonly string[]): void {
  const how = ['--batch', '--pinentry-mode', 'loopback', '--passphrase', '', ...options];
  execFileSync('gpg', [...how, '--quick-generate-key', `<${address}>`, 'ed25519', 'sign', '1y'], {
    stdio: 'ignore',
  });
}

function contents(version: string, key: SigningKey | null, date = DATE): ReleaseContents {
  const rpm = join(work, `reliable-raid-${version}-1.x86_64.rpm`);
  writeFileSync(rpm, `stands for an rpm of ${version}`, { mode: 0o600 });
  const debs = ['amd64', 'arm64'].map((architecture) => ({
    path: standIn(version, architecture),
    architecture,
  }));
  return { debs, rpms: [rpm], billOfMaterials: '{}\n', key, date };
}

function standIn(version: string, architecture: string, text = 'none'): string {
  const tree = mkdtempSync(join(work, 'tree-'));
  const deb = join(work, `reliable-raid_${version}_${architecture}.deb`);
  mkdirSync(join(tree, 'DEBIAN'), { mode: 0o755 });
  const fields = {
    Package: 'reliable-raid',
    Version: version,
    Architecture: architecture,
    Maintainer: 'nobody',
  };
  const lines = Object.entries({ ...fields, Description: text }).map(
    ([name, value]) => `${name}: ${value}\n`,
  );
  writeFileSync(join(tree, 'DEBIAN/control'), lines.join(''));
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', tree, deb], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(DATE) },
    stdio: 'ignore',
  });
  return deb;
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

/** All but the signatures. */
function bytesOf(folder: string): ReadonlyMap<string, string> {
  const names = filesOf(folder).filter((name) => !SIGNATURES.test(basename(name)));
  return new Map(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}
