// The units that tell people: what systemd thinks of them, and what mdadm's events make of them.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../../tools/project.ts';
import { SHELLS } from './shim-sandbox.ts';

const analyze = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' });
const version = Number(/systemd (\d+)/.exec(analyze.stdout ?? '')?.[1] ?? 0);

t.test(
  'every service is bound as tightly as its work allows',
  { skip: version >= 250 ? false : 'no systemd-analyze' },
  async (t) => {
    const units = readdirSync(join(ROOT, 'systemd')).filter((name) => name.endsWith('.service'));
    // What builds an image runs whatever the distribution and the administrator have put into it.
    for (const name of units.filter((unit) => !/^reliable-raid-images(-last)?\.service$/.test(unit))) {
      const { status, stdout, stderr } = spawnSync(
        'systemd-analyze',
        ['security', '--offline=yes', '--no-pager', '--threshold=30', join(ROOT, 'systemd', name)],
        { encoding: 'utf8' },
      );
      t.equal(status, 0, `${stdout.trim().split('\n').at(-1)} ${stderr}`);
    }
  },
);

for (const { name, argv } of SHELLS)
  t.test(`what each event of mdadm leaves behind: ${name}`, async (t) => {
    const root = mkdtempSync(join(tmpdir(), 'reliable-raid-event-'));
    t.teardown(() => rmSync(root, { recursive: true }));
    const script = join(root, 'md-event');
    writeFileSync(
      script,
      readFileSync(join(ROOT, 'systemd/md-event'), 'utf8')
        .replaceAll('/run/reliable-raid', join(root, 'run'))
        .replaceAll('/var/lib/reliable-raid', join(root, 'lib'))
        .replaceAll('/usr/lib/reliable-raid/boot-engine', 'echo'),
    );
    const marks = (event: string): string[] => {
      rmSync(join(root, 'run'), { recursive: true, force: true });
      const [program, ...options] = argv;
      const { status } = spawnSync(program, [...options, script, event, '/dev/md0']);
      t.equal(status, 0, event);
      return ['notify-due', 'images-due'].filter((mark) => existsSync(join(root, 'run', mark)));
    };
    t.same(marks('DegradedArray'), ['notify-due'], 'found so at boot');
    for (const event of ['Fail', 'FailSpare', 'SpareActive', 'RebuildFinished'])
      t.same(marks(event), ['notify-due', 'images-due'], event);
    t.same(marks('RebuildStarted'), ['notify-due']);
    for (const event of ['Rebuild20', 'TestMessage', 'NoSuch']) t.same(marks(event), [], event);
    t.same(marks('NewArray'), [], 'each boot has it');
    mkdirSync(join(root, 'lib'));
    writeFileSync(join(root, 'lib/told-lasts'), '');
    t.same(marks('NewArray'), ['notify-due'], 'what was told may be over');

    const failures = join(root, 'run/md-failures');
    t.notOk(existsSync(failures));
    const hears = (...event: readonly string[]): string => {
      const [program, ...options] = argv;
      t.equal(spawnSync(program, [...options, script, ...event]).status, 0, event.join(' '));
      return readFileSync(failures, 'utf8');
    };
    symlinkSync('/dev/md127', join(root, 'data'));
    symlinkSync('/dev/dm-3', join(root, 'mpatha'));
    t.equal(hears('Fail', join(root, 'data'), '/dev/sdb1'), 'Fail md127 sdb1\n', 'an array by its link');
    t.match(
      hears('Fail', '/dev/md127', join(root, 'mpatha')),
      /\nFail md127 dm-3\n$/,
      'a member by its link',
    );
    writeFileSync(failures, 'Fail md127 sdb1\n');
    t.equal(hears('FailSpare', '/dev/md0', '/dev/sdc'), 'Fail md127 sdb1\nFail md0 sdc\n');
    t.equal(hears('SpareActive', '/dev/md0', '/dev/sdc'), 'Fail md127 sdb1\nFail md0 sdc\n');
    writeFileSync(failures, 'x'.repeat(65_536));
    t.equal(hears('Fail', '/dev/md0', '/dev/sdc').length, 65_536, 'it has an end');
  });
