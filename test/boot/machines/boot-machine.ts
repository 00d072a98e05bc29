// One power-on of a random machine in the fast lane: disks come and go, the system or the failure path is asked what is true, and the run
// writes its tree.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../../src/core/report/report-file.ts';
import type { Guest } from '../guest/guest.ts';
import { isOfDracut } from '../guest/platforms.ts';
import { readReport } from '../scenario/collect.ts';
import { DisturbanceWatch } from '../scenario/disturbance-watch.ts';
import { emulatorFaults, HarnessFault } from '../scenario/harness-fault.ts';
import { enterShell } from '../scenario/take-steps.ts';
import { SerialShell } from '../vm/serial-shell.ts';
import { UserModeMachine } from '../vm/user-mode-machine.ts';
import type { BootSeen, Forecast, KernelStart, SeenArray, SeenMember } from './boot-seen.ts';
import { written } from './copies.ts';
import { runningMembers } from './judge.ts';
import { deviceOfNode, nodeOf } from './life-script.ts';
import {
  arraysOf,
  type Boot,
  type Device,
  diskOf,
  type MachinePlan,
  maxWaitMsOf,
  waitMsOf,
} from './machine-plan.ts';
import { type BuiltMachine, DEVICES_ARE_LOOKED_FOR, diskFile } from './raw-machine.ts';

const LIMIT_S = 150;

export interface BootRequest {
  readonly machine: BuiltMachine;
  readonly boot: Boot;
  /** The number of the run that writes. */
  readonly run: number;
  /** Disks that the next boot lacks, where it is to be foretold. */
  readonly foretellWithout: readonly string[] | null;
  /** It is switched off in an orderly way, since it is booted again. */
  readonly orderly: boolean;
  readonly log: string;
}

export interface BootResult {
  readonly seen: BootSeen;
  readonly disturbance: string | undefined;
}

const STATE = `
for md in /sys/block/md*; do
  [ -e $md/md/array_state ] || continue
  n=\${md##*/}
  u=$(mdadm --detail --export /dev/$n | sed -n s/^MD_UUID=//p)
  echo "array $n $u $(head -n 1 $md/md/array_state) $(cat $md/md/degraded 2>/dev/null || echo 0)"
  for m in $md/md/dev-*; do
    [ -e $m/state ] || continue
    echo "member $n \${m##*/dev-} $(cat $m/state) slot=$(cat $m/slot)"
  done
done
for dm in /sys/block/dm-*; do [ -e $dm/dm/name ] && echo "dm \${dm##*/} $(cat $dm/dm/name)"; done
echo '== kernel'
dmesg | grep -E ' active with [0-9]+ out of '
echo '== discovery'
cat /run/reliable-raid/discovery
echo '== report'
cat /run/reliable-raid/boot.json 2>/dev/null
echo
echo '== end'
`
  .trim()
  .replace(/\bdo\n\s*/g, 'do ')
  .replace(/\n\s*/g, '; ');

export async function bootMachine(request: BootRequest): Promise<BootResult> {
  const { machine, boot, log } = request;
  const { plan, folder } = machine;
  rmSync(join(folder, 'kernel'), { recursive: true, force: true });
  const before = regionHashes(plan, folder);
  const late = boot.late.map(({ disk }) => disk);
  const vm = await start(machine, [...boot.absent, ...late]);
  const watch = new DisturbanceWatch(vm);
  const limit = AbortSignal.timeout(LIMIT_S * 1000);
  const went: string[] = [];
  try {
    enterShell(vm);
    const moments = comeAndGo(vm, boot, went, limit);
    const ending = await endingOf(vm, limit);
    moments.catch(() => undefined);
    const seen = await lookAt(vm, request, ending);
    if (emulatorFaults.test(vm.console.raw))
      throw new HarnessFault(`the guest's kernel crashed: ${emulatorFaults.exec(vm.console.raw)?.[0]}`);
    const disturbance = watch.end();
    await end(vm, request.orderly && ending === 'system');
    const after = regionHashes(plan, folder);
    const changedOthers = [...before.keys()].filter((device) => before.get(device) !== after.get(device));
    return { seen: { ...seen, ending, changedOthers, went }, disturbance };
  } finally {
    watch.end();
    await vm.stop();
    const lines = vm.console.lines.map(({ guest, text }) => `${guest.toFixed(2).padStart(7)}  ${text}`);
    writeFileSync(log, `${lines.join('\n')}\n== shell\n${vm.shellLine.raw}\n`);
  }
}

async function start(machine: BuiltMachine, absent: readonly string[]): Promise<UserModeMachine> {
  const { plan, folder, golden, rootArgument, initrd } = machine;
  const guest: Guest = {
    layout: { name: `machine-${plan.seed}`, title: '', disks: {}, layers: [], mounts: [] },
    folder,
    disks: Object.fromEntries(plan.disks.map(({ name }) => [name, diskFile(folder, name)])),
    rootArgument,
    initrdFiles: [],
    initrdBytes: 0,
  };
  try {
    return await UserModeMachine.start({
      guest,
      folder,
      absent,
      initrd,
      initrdIsUserMode: true,
      memoryMiB: 512,
      kernelArguments: [
        `ubd0r=${golden.usr}`,
        `reliable_raid.wait=${waitMsOf(plan) / 1000}`,
        `reliable_raid.max_wait=${maxWaitMsOf(plan) / 1000}`,
        // the console is a slow device
        ...['systemd.show_status=0', 'systemd.log_level=warning'],
        // as long as initramfs-tools waits for root
        ...(isOfDracut(machine.suite) ? ['rd.retry=30'] : []),
      ],
    });
  } catch (error) {
    throw new HarnessFault(error instanceof Error ? error.message : String(error));
  }
}

const UDEV_STARTS = new RegExp(
  `Starting systemd-udevd|Begin: Loading essential drivers|${DEVICES_ARE_LOOKED_FOR}`,
);

async function comeAndGo(
  vm: UserModeMachine,
  { late, gone }: Boot,
  went: string[],
  limit: AbortSignal,
): Promise<void> {
  if (late.length + gone.length === 0) return;
  await vm.console.waitFor(UDEV_STARTS, 0, limit);
  const moments = [
    ...late.map((moment) => ({ ...moment, act: () => vm.plug(moment.disk) })),
    ...gone.map(({ disk, afterSeconds }) => ({
      disk,
      afterSeconds,
      act: async () => {
        await vm.unplug(disk);
        went.push(disk);
      },
    })),
  ];
  await Promise.all(
    moments.map(async ({ afterSeconds, act }) => {
      await new Promise((resolve) => setTimeout(resolve, afterSeconds * 1000));
      // a disk in use does not go; one that comes when all is over changes nothing
      await act().catch(() => undefined);
    }),
  );
}

async function endingOf(vm: UserModeMachine, limit: AbortSignal): Promise<BootSeen['ending']> {
  const settled = new AbortController();
  const signal = AbortSignal.any([limit, settled.signal]);
  const never = (): Promise<never> => new Promise(() => undefined);
  try {
    return await Promise.race([
      vm.shellLine.waitFor(/test-shell/, 0, signal).then(() => 'system' as const, never),
      vm.console
        .waitFor(/ALERT![\s\S]*\(initramfs\) |Press Enter for (?:system )?maintenance[\s\S]*# $/, 0, signal)
        .then(() => 'shell' as const, never),
      vm.exited.then(() => 'rest' as const),
      new Promise<'limit'>((resolve) => {
        limit.addEventListener('abort', () => resolve('limit'));
      }),
    ]);
  } finally {
    settled.abort();
  }
}

type Looked = Omit<BootSeen, 'ending' | 'changedOthers' | 'went'>;

async function lookAt(
  vm: UserModeMachine,
  request: BootRequest,
  ending: BootSeen['ending'],
): Promise<Looked> {
  const nothing: Looked = {
    ...{ report: null, discoveryAtMs: 0, arrays: {}, starts: [], digest: null, mismatches: {} },
    ...{ wrote: null, explained: null },
  };
  if (vm.console.raw === '') throw new HarnessFault('the console never came');
  if (ending !== 'system' && ending !== 'shell') return nothing;
  const shell = ending === 'system' ? vm.shell : new SerialShell(vm.console);
  const run = async (command: string, seconds = 60) => {
    try {
      return (await shell.run(command, seconds)).output.trim();
    } catch (error) {
      throw new HarnessFault(
        `${command.slice(0, 40)}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  await run(
    'export TERM=dumb SYSTEMD_COLORS=0; echo 200000 >/proc/sys/dev/raid/speed_limit_min 2>/dev/null || :',
  );
  if (ending === 'system') await run('systemctl is-system-running --wait', 90);
  const first = stateOf(await run(STATE), request.machine);
  if (ending === 'shell') return { ...nothing, ...first };
  const digest = await run('machine-tree digest');
  const mismatches = await checked(run, request.machine);
  const left = await run(`machine-tree write ${request.run} 2>/dev/null; machine-tree digest`);
  const wrote = { run: request.run, digest: left };
  await countAsWritten(run, request.machine, first.arrays);
  // what comes back meanwhile is rebuilt, and has all of it then; what is foretold is foretold of that
  let last = await settledState(run, request.machine);
  let explained: Forecast | null = null;
  for (let changed = request.foretellWithout !== null, tries = 0; changed && tries < 3; tries += 1) {
    explained = await explain(run, request);
    const now = await settledState(run, request.machine);
    changed = membersIn(now) !== membersIn(last);
    last = now;
  }
  return { ...first, arrays: last.arrays, starts: last.starts, digest, mismatches, wrote, explained };
}

/** The resync of an array that nobody writes to is pending, and `--wait` waits for that without an end (mdmonitor.c, Wait). */
const NOTHING_IS_REBUILT = 'timeout 90 mdadm --wait /dev/md[0-9]* 2>/dev/null';

/** md's word for the array goes to and fro with each write. */
const membersIn = ({ arrays }: Pick<Looked, 'arrays'>): string =>
  JSON.stringify(Object.entries(arrays).map(([name, { members }]) => [name, members]));

async function settledState(run: Run, machine: BuiltMachine): Promise<ReturnType<typeof stateOf>> {
  await run(`udevadm settle; ${NOTHING_IS_REBUILT}; sync`, 120);
  return stateOf(await run(STATE), machine);
}

/** A small tree may not touch each array of a group: the run's copies are told apart by what md knows of it. */
async function countAsWritten(
  run: Run,
  { plan, uuids }: BuiltMachine,
  arrays: BootSeen['arrays'],
): Promise<void> {
  const reached = [...written(plan, runningMembers({ plan, seen: { arrays } })).keys()];
  const words = reached.map((name) => uuids[name]).join(' ');
  await run(
    `for md in /sys/block/md*; do [ "$(cat $md/md/array_state)" = read-auto ] || continue; n=$(basename $md); ` +
      `u=$(mdadm --detail --export /dev/$n | sed -n s/^MD_UUID=//p); ` +
      `case " ${words} " in *" $u "*) mdadm --readwrite /dev/$n ;; esac; done`,
  );
}

type Run = (command: string, seconds?: number) => Promise<string>;

/** Arrays with all their members are compared, once nothing is rebuilt any more. */
async function checked(run: Run, machine: BuiltMachine): Promise<Record<string, number>> {
  const output = await run(
    `sync; udevadm settle; ${NOTHING_IS_REBUILT}; ` +
      'for md in /sys/block/md*; do d=$(cat $md/md/degraded 2>/dev/null); [ "$d" = 0 ] || continue; ' +
      'case $(head -n 1 $md/md/array_state) in inactive|clear) continue ;; esac; ' +
      'n=$(basename $md); u=$(mdadm --detail --export /dev/$n | sed -n s/^MD_UUID=//p); ' +
      'echo check >$md/md/sync_action 2>/dev/null || continue; ' +
      't=0; while [ $t -lt 200 ] && [ "$(cat $md/md/sync_action)" != idle ]; do sleep 0.1; t=$((t + 1)); done; ' +
      'echo "$u $(cat $md/md/mismatch_cnt)"; done',
    120,
  );
  const names = new Map(Object.entries(machine.uuids).map(([name, uuid]) => [uuid, name]));
  return Object.fromEntries(
    output.split('\n').flatMap((line) => {
      const [uuid = '', count = ''] = line.trim().split(' ');
      const name = names.get(uuid);
      return name === undefined || !arraysOf(machine.plan).some((array) => array.name === name)
        ? []
        : [[name, Number(count)]];
    }),
  );
}

async function explain(run: Run, { foretellWithout, machine }: BootRequest): Promise<Forecast> {
  const without = (foretellWithout ?? []).map(
    (disk) => `--without ${nodeOf(machine.plan, disk).slice('/dev/'.length)}`,
  );
  const text = await run(
    `reliable-raid explain --json ${without.join(' ')} 2>/run/explain.err || cat /run/explain.err`,
  );
  try {
    const { cases } = JSON.parse(text) as { readonly cases: readonly Forecast[] };
    if (cases[0] === undefined) throw new Error('no case');
    return cases[0];
  } catch {
    // the judge says so: nothing was foretold where something must be
    return { outcome: 'stops', rootAfterMs: null, arrays: [], problem: text };
  }
}

async function end(vm: UserModeMachine, orderly: boolean): Promise<void> {
  if (!orderly) return vm.stop();
  vm.shellLine.send('systemctl poweroff\n');
  const late = new Promise<'late'>((resolve) => {
    setTimeout(() => resolve('late'), 60_000).unref();
  });
  if ((await Promise.race([vm.exited, late])) === 'late')
    throw new HarnessFault('the machine did not switch itself off');
}

// --- reading

export function stateOf(
  output: string,
  machine: Pick<BuiltMachine, 'plan' | 'uuids'>,
): Pick<Looked, 'arrays' | 'starts' | 'report' | 'discoveryAtMs'> {
  const lines = output.split('\n').map((line) => line.trim());
  const nameOfUuid = new Map(Object.entries(machine.uuids).map(([name, uuid]) => [uuid, name]));
  const byKernelName = new Map<string, string>();
  const arrays: Record<string, { state: string; degraded: number; members: SeenMember[] }> = {};
  const mapper = new Map<string, string>();
  for (const line of lines) {
    const [word, one = '', two = ''] = line.split(' ');
    if (word === 'dm') mapper.set(one, `mapper/${two}`);
    if (word === 'array') byKernelName.set(one, nameOfUuid.get(two) ?? one);
  }
  const deviceOf = (kernelName: string): Device =>
    deviceOfNode(machine.plan, kernelName) ??
    mapper.get(kernelName) ??
    byKernelName.get(kernelName) ??
    kernelName;
  for (const line of lines) {
    const [word, one = '', two = '', three = '', four = ''] = line.split(' ');
    const slot = /^slot=(\d+)$/.exec(four)?.[1];
    const name = byKernelName.get(one) ?? one;
    if (word === 'array') arrays[name] = { state: three, degraded: Number(four) || 0, members: [] };
    if (word === 'member')
      arrays[name]?.members.push({
        ...{ device: deviceOf(two), inSync: three.split(',').includes('in_sync') },
        ...(slot === undefined ? {} : { role: Number(slot) }),
      });
  }
  const section = (name: string): string =>
    new RegExp(`^== ${name}\\s*\\n([\\s\\S]*?)^== `, 'm').exec(output)?.[1]?.trim() ?? '';
  const starts = section('kernel')
    .split('\n')
    .flatMap((line): KernelStart[] => {
      const [, at = '', kernelName = '', active = '', of = ''] =
        /\[\s*(\d+\.\d+)\] md\/raid\w*:(\w+): .*?active with (\d+) out of (\d+)/.exec(line) ?? [];
      if (at === '') return [];
      const array = byKernelName.get(kernelName) ?? kernelName;
      return [{ array, atMs: Number(at) * 1000, active: Number(active), of: Number(of) }];
    });
  const text = section('report');
  const report: Report | null = text === '' ? null : readReport(text);
  const discoveryAtMs = report?.discoveryAtMs ?? (Number(section('discovery')) || 0) * 1000;
  return { arrays: arrays as Record<string, SeenArray>, starts, report, discoveryAtMs };
}

// --- bytes of members that root does not need

function regionHashes(plan: MachinePlan, folder: string): ReadonlyMap<Device, string> {
  const others = [...plan.others, ...(plan.foreign === null ? [] : [plan.foreign])];
  return new Map(
    others
      .flatMap(({ members }) => members)
      .map((device) => [device, regionHash(plan, folder, device)] as const),
  );
}

function regionHash(plan: MachinePlan, folder: string, device: Device): string {
  const disk = plan.disks.find(({ name }) => name === diskOf(device));
  const sizes = disk?.partitions ?? [];
  const place = Number(/p(\d+)$/.exec(device)?.[1] ?? 0);
  const MiB = 1024 ** 2;
  const from = place === 0 ? 0 : (1 + sizes.slice(0, place - 1).reduce((sum, size) => sum + size, 0)) * MiB;
  const length = (place === 0 ? (disk?.sizeMiB ?? 0) : (sizes[place - 1] ?? 0)) * MiB;
  const hash = createHash('sha256');
  const file = openSync(diskFile(folder, disk?.name ?? ''), 'r');
  const piece = Buffer.alloc(MiB);
  for (let at = from; at < from + length; at += MiB)
    hash.update(piece.subarray(0, readSync(file, piece, 0, MiB, at)));
  closeSync(file);
  return hash.digest('hex');
}
