import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { scratchFolder } from '../boot/guest/scratch.ts';

t.test('scratch folders: those of runs that are gone are removed, those of others stay', async (t) => {
  const { pid: gone } = spawnSync('true');
  const temporary = t.testdir({
    [`reliable-raid-vm-${gone}-aB3xYz`]: { 'disk1.raw': 'of a guest' },
    [`reliable-raid-vm-${process.ppid}-aB3xYz`]: {},
    [`reliable-raid-vm-${gone}`]: {},
    [`somebody-else-vm-${gone}-aB3xYz`]: {},
  });
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = temporary;
  t.teardown(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });

  const folder = scratchFolder('power');
  mkdirSync(join(folder, 'kept'));

  const [mine = ''] = readdirSync(temporary).filter((name) => name.includes('-power-'));
  t.match(mine, new RegExp(`^reliable-raid-power-${process.pid}-`));
  t.strictSame(
    readdirSync(temporary)
      .filter((name) => name !== mine)
      .sort(),
    [
      `reliable-raid-vm-${gone}`,
      `reliable-raid-vm-${process.ppid}-aB3xYz`,
      `somebody-else-vm-${gone}-aB3xYz`,
    ].sort(),
  );
});
