// The rpm: all that the tree has for dracut goes in, and nothing that only Debian has. Built where rpmbuild is there, with programs of no weight.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { writeCompletions } from '../../tools/build/completions.ts';
import { SOURCES } from '../../tools/package/sources.ts';
import { PACKAGE, ROOT } from '../../tools/project.ts';

const SPEC = join(ROOT, 'packaging/rpm/reliable-raid.spec');
const spec = readFileSync(SPEC, 'utf8');

t.test('nothing that only Debian has', async (t) => {
  t.notMatch(spec, /initramfs-tools|initramfs\b|dpkg|debian\/|\/usr\/sbin\/update|DPKG_ROOT|ischroot/);
  t.notMatch(SOURCES.join(' '), /initramfs|debian/);
});

t.test('the same version as everything else', async (t) => {
  t.match(spec, new RegExp(`0%\\{!\\?|:${PACKAGE.version.replaceAll('.', '\\.')}\\}`));
});

t.test('what %install takes is in the tree', async (t) => {
  const installs = spec.slice(spec.indexOf('%install'), spec.indexOf('%post')).split('\n');
  const sources = installs.flatMap((line) =>
    line.split(' ').filter((word) => /^(?:hooks|scripts|systemd|dracut|udev|man)\//.test(word)),
  );
  t.ok(sources.length > 8);
  for (const source of sources) {
    const folder = source.slice(0, source.lastIndexOf('/'));
    const name = source.slice(folder.length + 1);
    const found = readdirSync(join(ROOT, folder)).filter((one) =>
      name.startsWith('*') ? one.endsWith(name.slice(1)) : one === name,
    );
    t.ok(found.length > 0, source);
    t.ok(
      SOURCES.some((one) => source.startsWith(`${one}/`)),
      `${source} is laid out`,
    );
  }
});

t.test('every unit that is to be enabled is', async (t) => {
  const enabled = /^%global units (.*)$/m.exec(spec)?.[1]?.split(' ') ?? [];
  for (const name of readdirSync(join(ROOT, 'systemd')).filter((one) =>
    /\.(?:service|path|timer)$/.test(one),
  ))
    if (/^\[Install\]$/m.test(readFileSync(join(ROOT, 'systemd', name), 'utf8')))
      t.ok(enabled.includes(name), name);
});

const rpmbuild = spawnSync('rpmbuild', ['--version'], { encoding: 'utf8' });

t.test('rpmbuild makes it', { skip: rpmbuild.status === 0 ? false : 'no rpmbuild' }, async (t) => {
  const top = mkdtempSync(join(tmpdir(), 'reliable-raid-rpm-'));
  t.teardown(() => rmSync(top, { recursive: true }));
  const name = `reliable-raid-${PACKAGE.version}`;
  for (const source of SOURCES) cpSync(join(ROOT, source), join(top, name, source), { recursive: true });
  await writeCompletions(join(top, name, 'dist'));
  for (const file of ['reliable-raid', 'boot-engine', 'third-party-licences.txt'])
    writeFileSync(join(top, name, 'dist', file), '#!/bin/sh\n');
  execFileSync('tar', ['-czf', join(top, `${name}.tar.gz`), '-C', top, name]);
  const built = spawnSync(
    'rpmbuild',
    ['-bb', '--nodeps', '--define', `_topdir ${top}`, '--define', `_sourcedir ${top}`, SPEC],
    { encoding: 'utf8', env: { ...process.env, HOME: top } },
  );
  t.equal(built.status, 0, built.stderr);
  t.notMatch(built.stderr, /warning:/);
  const rpms = readdirSync(join(top, 'RPMS'), { recursive: true, encoding: 'utf8' }).filter((one) =>
    one.endsWith('.rpm'),
  );
  t.equal(rpms.length, 1);
  const ask = (...args: string[]) =>
    execFileSync('rpm', ['-qp', ...args, join(top, 'RPMS', rpms[0] ?? '')], {
      encoding: 'utf8',
      env: { ...process.env, HOME: top },
    });
  const files = ask('--list').split('\n');
  for (const source of readdirSync(join(ROOT, 'dracut/96reliable-raid')))
    t.ok(files.includes(`/usr/lib/dracut/modules.d/96reliable-raid/${source}`), source);
  for (const path of [
    '/usr/bin/reliable-raid',
    '/usr/lib/reliable-raid/image-files',
    '/usr/lib/udev/rules.d/63-reliable-raid.rules',
  ])
    t.ok(files.includes(path), path);
  t.match(ask('--requires'), /^mdadm$/m);
  t.match(ask('--requires'), /^dracut >= 059$/m);
});
