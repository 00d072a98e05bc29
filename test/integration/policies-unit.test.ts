// Whether the configuration is read before udev looks at the devices: only where the boot image was made from another one.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { ROOT } from '../../tools/project.ts';

class PoliciesSandbox {
  private readonly root: string;

  constructor(t: Test) {
    this.root = t.testdir({});
    this.write(
      'usr/lib/reliable-raid/config-sum',
      this.moved(readFileSync(join(ROOT, 'scripts/config-sum'), 'utf8')),
    );
    chmodSync(join(this.root, 'usr/lib/reliable-raid/config-sum'), 0o755);
  }

  private moved(text: string): string {
    return text.replaceAll(/\/(?=etc\/|run\/|usr\/lib\/)/g, `${this.root}/`);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  move(from: string, to: string): void {
    renameSync(join(this.root, from), join(this.root, to));
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true, force: true });
  }

  /** As the hook writes it into an image, and the boot scripts hand it on. */
  boot(): void {
    const { stdout } = spawnSync(join(this.root, 'usr/lib/reliable-raid/config-sum'), { encoding: 'utf8' });
    if (stdout !== '') this.write('run/reliable-raid/config-sum', stdout);
  }

  /** What the unit's own condition answers. */
  isRead(): boolean {
    const unit = readFileSync(join(ROOT, 'systemd/reliable-raid-policies.service'), 'utf8');
    const [, command = ''] = /^ExecCondition=\/bin\/sh -c '(.*)'$/m.exec(unit) ?? [];
    return spawnSync('/bin/sh', ['-c', this.moved(command)]).status === 0;
  }
}

t.test('policies: the configuration of the boot image is not read again', async (t) => {
  const box = new PoliciesSandbox(t);
  box.write('etc/reliable-raid/config.toml', 'degraded = "never"\n');
  box.write('etc/reliable-raid/config.d/a.toml', 'wait = 30\n');
  t.ok(box.isRead(), 'the image has brought nothing');
  box.boot();
  t.notOk(box.isRead());
  box.write('etc/reliable-raid/config.d/README', 'not read\n');
  t.notOk(box.isRead());
});

t.test('policies: whatever changes is read', async (t) => {
  for (const [what, change] of [
    ['a value', (box) => box.write('etc/reliable-raid/config.toml', 'degraded = "ask"\n')],
    ['another file', (box) => box.write('etc/reliable-raid/config.d/b.toml', '')],
    [
      'another name, and so another order',
      (box) => box.move('etc/reliable-raid/config.d/a.toml', 'etc/reliable-raid/config.d/z.toml'),
    ],
    ['a file that is gone', (box) => box.remove('etc/reliable-raid/config.toml')],
    ['all of them', (box) => box.remove('etc/reliable-raid')],
    ['the program that compares', (box) => box.remove('usr/lib/reliable-raid/config-sum')],
  ] satisfies [string, (box: PoliciesSandbox) => void][]) {
    const box = new PoliciesSandbox(t);
    box.write('etc/reliable-raid/config.toml', 'degraded = "never"\n');
    box.write('etc/reliable-raid/config.d/a.toml', 'wait = 30\n');
    box.boot();
    change(box);
    t.ok(box.isRead(), what);
  }
});
