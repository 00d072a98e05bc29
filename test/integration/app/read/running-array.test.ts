import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'tap';
import { NodeFiles } from '../../../../src/adapters/node/files.ts';
import { readRunningArray } from '../../../../src/app/read/running-array.ts';
import { mdUuidFromBytes } from '../../../../src/core/md/md-uuid.ts';
import { dashedUuid } from '../../../support/dashed-uuid.ts';
import { encode1, UUID_BYTES } from '../../../support/encode-superblock.ts';
import { SimulatedSysfs } from '../../../support/simulated-sysfs.ts';

const uuid = mdUuidFromBytes(Uint8Array.from(UUID_BYTES));

/** The disk of that name answers long after the others. */
class OneSlowDisk extends NodeFiles {
  private readonly slow: string;
  constructor(slow: string) {
    super();
    this.slow = slow;
  }

  override async readBytes(path: string, offset: number, length: number): Promise<Uint8Array | null> {
    if (path.endsWith(`/${this.slow}`)) await new Promise((resolve) => setTimeout(resolve, 50));
    return super.readBytes(path, offset, length);
  }
}

test('members of a running array come in the order of their names, whichever disk answers first', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-running-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const sysfs = new SimulatedSysfs(folder);
  const names = ['sda', 'sdb', 'sdc', 'sdd'];
  for (const [number, name] of names.entries()) {
    // sdb and sdd have no superblock that could be read.
    if (number % 2 === 1) sysfs.device({ name });
    else sysfs.member(name, encode1({ number, roles: [0, 1, 2, 3], raidDevices: 4 }, 8));
  }
  const bound = Object.fromEntries(names.map((name) => [name, 'in_sync']));
  sysfs.array({ name: 'md0', state: 'clean', uuid: dashedUuid(uuid), degraded: 0, bound });

  for (const slow of names) {
    const running = await readRunningArray(new OneSlowDisk(slow), sysfs.paths, uuid);
    t.same(
      running?.members.map(({ device }) => device),
      ['sda', 'sdc'],
      `${slow} answers last`,
    );
    t.same(running?.unreadable, ['sdb', 'sdd'], `${slow} answers last`);
  }
});

test('an array by any kernel name, as `names=yes` in mdadm.conf gives it', async (t) => {
  const sysfs = new SimulatedSysfs(t.testdir());
  sysfs.member('sda', encode1({ number: 0, roles: [0], raidDevices: 1 }, 8));
  sysfs.device({ name: 'md_backup1' });
  sysfs.array({
    name: 'md_backup',
    state: 'clean',
    uuid: dashedUuid(uuid),
    degraded: 0,
    bound: { sda: 'in_sync' },
  });
  t.equal((await readRunningArray(new NodeFiles(), sysfs.paths, uuid))?.device, 'md_backup');
});
