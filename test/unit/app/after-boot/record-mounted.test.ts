import { test } from 'tap';
import { keepMounted } from '../../../../src/app/after-boot/record-mounted.ts';
import { readConfiguration } from '../../../../src/app/configuration/read-configuration.ts';
import { tomlEntries } from '../../../../src/app/configuration/toml-entries.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { parseFstab } from '../../../../src/core/parse/fstab.ts';
import { parseKernelCmdline } from '../../../../src/core/parse/kernel-cmdline.ts';
import { buildBlockGraph } from '../../../../src/core/topology/build-block-graph.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { device, NO_FACTS } from '../../../support/block-devices.ts';
import { uuidOf } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const PATH = '/etc/reliable-raid/mounted';
const HOME = 'UUID=home /home ext4 defaults 0 2\n';
const UNIT = String.raw`dev-disk-by\x2duuid-home.device`;

interface Machine {
  readonly config?: string;
  readonly fstab?: string;
  readonly cmdline?: string;
  /** As its superblock has it; its host is `box`. */
  readonly name?: string;
  readonly systemd?: string;
  readonly before?: string;
  /** md1 has not enough members yet. */
  readonly isInactive?: true;
}

/** /home is on md1, and root on no array. */
function machineOf(machine: Machine) {
  const { config = '', fstab = HOME, cmdline = '', name = 'box:home', systemd, before, isInactive } = machine;
  const files = new MemoryFiles({
    '/sys/class/block/md1/md/array_state': isInactive ? 'inactive\n' : 'clean\n',
    '/sys/class/block/md1/dev': '9:1\n',
    '/run/udev/data/b9:1': `E:MD_UUID=${uuidOf(1)}\nE:MD_NAME=${name}\n`,
    '/proc/sys/kernel/hostname': 'box\n',
    ...(before === undefined ? {} : { [PATH]: before }),
  });
  const runner = answeringRunner(([program]) =>
    program === 'systemctl' && systemd !== undefined ? { stdout: `${systemd}\n` } : null,
  );
  const devices = {
    ...NO_FACTS,
    // lsblk leaves out what has no size.
    devices: [device('sda'), ...(isInactive ? [] : [device('md1', { type: 'raid1', uuid: 'home' })])],
    slaves: new Map([['md1', ['sda']]]),
  };
  const facts = {
    ...{ fstab: parseFstab(fstab).entries, fstabAt: '/etc/fstab', crypttab: [], crypttabAt: '/etc/crypttab' },
    ...{ mounts: [], cmdline: parseKernelCmdline(cmdline) },
    resume: { option: null, conf: null, swaps: [] },
  };
  const block = {
    ...{ graph: buildBlockGraph(devices), devices, facts, roots: [] },
    ...{ arrayUuids: new Map(), byIdNames: new Map(), absent: new Map() },
    policyOf: () => ({ waitMs: 20_000, degraded: 'start' as const }),
  };
  const { configuration } = readConfiguration([{ at: 'c', entries: tomlEntries(config).entries }]);
  return { files, runner, paths: REAL_PATHS, resolution: { configuration, block } };
}

async function kept(machine: Machine): Promise<string | undefined> {
  const made = machineOf(machine);
  await keepMounted(made, made.resolution);
  return made.files.texts.get(PATH);
}

test('as it comes, nothing is kept, and what was kept goes', async (t) => {
  t.equal(await kept({}), undefined);
  t.equal(await kept({ before: 'array x\n' }), undefined);
});

test('a wait that is longer than that of systemd, wherever it is set', async (t) => {
  for (const machine of [
    { config: 'wait = 120\n' },
    { config: '[array."home"]\nwait = 120\n' },
    { config: `[array."${uuidOf(1)}"]\nwait = 120\n` },
    { cmdline: 'reliable_raid.wait=120' },
    { systemd: '15s' },
    { config: 'wait = 120\n', name: 'home' },
  ])
    t.match(await kept(machine), `array ${uuidOf(1)}\ndevice 210 ${UNIT}\n`, JSON.stringify(machine));
});

test('where systemd waits longer, or the array starts by hand only, there is nothing to keep', async (t) => {
  for (const machine of [
    { config: 'wait = 120\n', systemd: '5min' },
    { config: 'wait = 120\n', systemd: 'infinity' },
    { config: 'wait = 120\n', cmdline: 'reliable_raid.wait=20' },
    { config: 'wait = 120\n[array."home"]\ndegraded = "never"\n' },
    { config: 'wait = 120\n', cmdline: 'reliable_raid.degraded=ask' },
    { config: 'wait = 120\n', name: 'elsewhere:home' },
  ])
    t.equal(await kept(machine), undefined, JSON.stringify(machine));
  t.match(await kept({ config: 'wait = 120\nforeign = "start"\n', name: 'elsewhere:home' }), UNIT);
  t.match(await kept({ config: 'wait = 120\n', systemd: '' }), UNIT, 'a release that does not say it');
});

test('unmounted: what is mounted is kept, also where systemd needs no more time', async (t) => {
  t.match(await kept({ config: 'unmounted = "never"\n' }), `stand on.\narray ${uuidOf(1)}\n`);
  const none = await kept({ config: 'unmounted = "never"\n', fstab: '' });
  t.ok(none !== undefined && !/^array/m.test(none), 'known to be none');
  t.equal(await kept({ config: 'degraded = "never"\n' }), undefined, 'it goes with degraded');
});

test('an array that is still waited for is what it was', async (t) => {
  const machine = { config: 'wait = 120\nunmounted = "never"\n' };
  const before = (await kept(machine)) ?? '';
  t.equal(await kept({ ...machine, before, isInactive: true }), before);
});

test('written only where it has changed; what could not be is told', async (t) => {
  const machine = { config: 'wait = 120\n' };
  const before = (await kept(machine)) ?? '';
  const same = machineOf({ ...machine, before });
  t.equal(await keepMounted(same, same.resolution), null);
  t.same(same.files.writes, []);
  const broken = machineOf(machine);
  broken.files.broken.set(PATH, { reason: 'error', detail: 'EROFS' });
  t.match(await keepMounted(broken, broken.resolution), /mounted: could not be written: EROFS/);
});

test('where nothing is known of the blocks, what was kept stays', async (t) => {
  const machine = machineOf({ before: 'kept\n' });
  t.equal(await keepMounted(machine, { ...machine.resolution, block: null }), null);
  t.equal(machine.files.texts.get(PATH), 'kept\n');
});
