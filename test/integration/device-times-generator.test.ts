// The generator that tells systemd how long arrays may be waited for.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { formatMountedArrays } from '../../src/core/configuration/mounted-arrays.ts';
import { ROOT } from '../../tools/project.ts';
import { uuidOf } from '../support/ledger-entries.ts';
import { SHELLS } from './shim-sandbox.ts';

const UUID_UNIT = String.raw`dev-disk-by\x2duuid-12\x2dab.device`;
const RECORD = formatMountedArrays({
  arrays: [uuidOf(1)],
  devices: [
    { unit: UUID_UNIT, seconds: 210 },
    { unit: 'dev-md1.device', seconds: 330 },
  ],
});

class Box {
  private readonly root: string;
  private readonly shell: readonly string[];

  constructor(t: Test, shell: readonly string[]) {
    this.root = t.testdir({});
    this.shell = shell;
    const text = readFileSync(join(ROOT, 'systemd/reliable-raid-generator'), 'utf8');
    this.write('generator', text.replaceAll(/(?<![\w.])\/(?=etc\/|proc\/|usr\/lib\/)/g, `${this.root}/`));
    this.write('usr/lib/reliable-raid/boot-engine', '');
    chmodSync(join(this.root, 'usr/lib/reliable-raid/boot-engine'), 0o755);
    this.write('proc/cmdline', 'root=/dev/md0 ro quiet\n');
    this.write('etc/reliable-raid/mounted', RECORD);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  remove(path: string): void {
    rmSync(join(this.root, path));
  }

  /** What it leaves, by path. */
  run(): Readonly<Record<string, string>> {
    const units = join(this.root, 'units');
    mkdirSync(units);
    const [program = '', ...options] = this.shell;
    const { status, stdout, stderr } = spawnSync(
      program,
      [...options, join(this.root, 'generator'), units, `${units}-early`, `${units}-late`],
      { encoding: 'utf8' },
    );
    t.same([status, stdout, stderr], [0, '', '']);
    for (const other of ['early', 'late']) t.notOk(existsSync(`${units}-${other}`));
    const paths = readdirSync(units, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    return Object.fromEntries(
      paths.map((one) => [
        join(one.parentPath, one.name).slice(units.length + 1),
        readFileSync(join(one.parentPath, one.name), 'utf8'),
      ]),
    );
  }
}

const dropIn = (seconds: number): string => `[Unit]\nJobRunningTimeoutSec=${seconds}\n`;

for (const { name, argv } of SHELLS) {
  t.test(`each device has its time: ${name}`, async (t) => {
    t.same(new Box(t, argv).run(), {
      [`${UUID_UNIT}.d/10-reliable-raid.conf`]: dropIn(210),
      'dev-md1.device.d/10-reliable-raid.conf': dropIn(330),
    });
  });

  t.test(`none where nothing is kept, we are off, or gone: ${name}`, async (t) => {
    for (const change of [
      (box: Box) => box.remove('etc/reliable-raid/mounted'),
      (box: Box) => box.write('etc/reliable-raid/mounted', ''),
      (box: Box) => box.write('proc/cmdline', 'root=/dev/md0 reliable_raid=off quiet\n'),
      (box: Box) => box.write('proc/cmdline', 'reliable_raid=off'),
      (box: Box) => box.remove('usr/lib/reliable-raid/boot-engine'),
    ]) {
      const box = new Box(t, argv);
      change(box);
      t.same(box.run(), {}, String(change));
    }
  });

  t.test(`a file that is damaged leaves nothing outside: ${name}`, async (t) => {
    const box = new Box(t, argv);
    box.write(
      'etc/reliable-raid/mounted',
      [
        'device 5 ../../x.device',
        'device 5 .device',
        'device 5 dev-a.mount',
        'device x dev-a.device',
        'device 5',
        'device',
        '',
        'device 7 dev-b.device',
      ].join('\n'),
    );
    // Without its last newline a line was cut off.
    t.same(box.run(), {});
  });
}
