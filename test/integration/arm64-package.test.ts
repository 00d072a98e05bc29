// The Debian package for arm64, made on a machine of another processor: what dpkg is told, and what is in it.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import t, { test } from 'tap';
import { binaryPath } from '../../tools/build/build.ts';
import { bootEnginePath } from '../../tools/build/build-boot-engine.ts';
import { buildPackage } from '../../tools/package/debian.ts';
import { PACKAGE, ROOT } from '../../tools/project.ts';

function whyNot(): string | false {
  if (process.arch !== 'x64') return 'this machine is no x86_64';
  if (!existsSync('/usr/bin/dh')) return 'no debhelper';
  if (spawnSync('aarch64-linux-gnu-gcc', ['--version']).status === 0) return false;
  return 'no C compiler for arm64 (Debian: gcc-aarch64-linux-gnu libc6-dev-arm64-cross)';
}

t.setTimeout(600_000);

/** Machine numbers of program files. */
const AARCH64 = 183;

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** Of its library's versions, such as GLIBC_2.28, the newest that a program asks for. */
function newestAskedFor(program: string, library: string): string {
  const said = execFileSync('readelf', ['-VW', program], { encoding: 'utf8' });
  const versions = [...said.matchAll(new RegExp(`\\bName: ${library}_([0-9.]+)`, 'g'))].map(
    ([, found = '']) => found,
  );
  return versions.sort(byNumber).at(-1) ?? '';
}

test('the package for arm64', { skip: whyNot() }, async (t) => {
  const deb = await buildPackage('arm64');
  const folder = t.testdir();
  execFileSync('dpkg-deb', ['-x', deb, folder]);
  const field = (name: string): string =>
    execFileSync('dpkg-deb', ['-f', deb, name], { encoding: 'utf8' }).trim();

  await t.test('fields', async (t) => {
    t.equal(field('Package'), 'reliable-raid');
    t.equal(field('Architecture'), 'arm64');
    t.equal(field('Version'), PACKAGE.version);
    const depends = field('Depends').split(', ');
    for (const one of ['mdadm', 'udev', 'initramfs-tools | linux-initramfs-tool'])
      t.ok(depends.includes(one), one);
    t.notMatch(field('Depends'), /cross|\$/);
    const bound = (name: string): string =>
      new RegExp(`^${name.replaceAll('+', '\\+')} \\(>= ([\\d.]+)`, 'm').exec(depends.join('\n'))?.[1] ?? '';
    const program = binaryPath('arm64');
    t.ok(byNumber(bound('libc6'), newestAskedFor(program, 'GLIBC')) >= 0, 'its C library');
    // GLIBCXX_3.4.28 came with GCC 10.
    t.ok(byNumber(newestAskedFor(program, 'GLIBCXX'), '3.4.28') <= 0, 'its C++ library');
    t.ok(byNumber(bound('libstdc++6'), '10') >= 0, 'its C++ library');
  });

  await t.test('files', async (t) => {
    for (const [place, built] of [
      ['usr/bin/reliable-raid', binaryPath('arm64')],
      ['usr/lib/reliable-raid/boot-engine', bootEnginePath('arm64')],
    ] as const) {
      const bytes = readFileSync(join(folder, place));
      t.equal(bytes.readUInt16LE(18), AARCH64, place);
      t.ok(bytes.equals(readFileSync(built)), `${place}: nothing has rewritten it`);
      t.equal(statSync(join(folder, place)).mode & 0o777, 0o755, place);
    }
    const listed = readFileSync(join(ROOT, 'packaging/debian/reliable-raid.install'), 'utf8');
    for (const line of listed.trim().split('\n')) {
      const [source = '', target = ''] = line.split(' ');
      const place = join(target.replace(/^lib\//, 'usr/lib/'), basename(source));
      t.ok(existsSync(join(folder, place)), place);
    }
  });
});
