// Asks a guest, through any shell it offers, what its arrays, mounts and units are.

import { parseAnyReport } from '../../../src/core/report/any-report.ts';
import type { Report } from '../../../src/core/report/report-file.ts';
import type { SerialShell } from '../vm/serial-shell.ts';
import type { ArrayState, Outcome } from './outcome.ts';

export type Collected = Pick<
  Outcome,
  | 'report'
  | 'laterReport'
  | 'arrays'
  | 'mounts'
  | 'failedUnits'
  | 'jobs'
  | 'rootMountedAt'
  | 'initStartedAt'
  | 'rootOfHalf'
  | 'data'
>;

/** Asked in the rescue shell too, where a line may have a thousand characters at most. */
const inEveryShell = `
echo '== arrays'
for md in /sys/block/md*; do
  [ -e $md/md/array_state ] || continue
  n=\${md##*/}
  u=$(mdadm --detail --export /dev/$n | sed -n s/^MD_UUID=//p)
  echo "$n $u $(cat $md/md/array_state) $(cat $md/md/degraded 2>/dev/null)"
done
echo '== mounts'
cat /proc/mounts
echo '== report'
cat /run/reliable-raid/boot.json 2>/dev/null
echo
echo '== later'
cat /run/reliable-raid/arrays.json 2>/dev/null
echo
echo '== end'
`;

// Jobs that begin when the boot is over (monitors, timers) end soon; one that waits for a device does not.
const inSystem = `
echo '== kernel'
dmesg | grep "EXT4-fs ($(basename "$(readlink -f "$(sed -n 's|^\\(/dev/[^ ]*\\) / .*|\\1|p' /proc/mounts)")")): mounted filesystem"
echo '== init'
dmesg | grep 'Run /init as init process'
echo '== half'
cat /root/half 2>/dev/null
echo '== data'
[ ! -e /root/data.sums ] || { md5sum --check --quiet /root/data.sums && echo same; } 2>&1 | tail -n 5
echo '== ours'
journalctl -b -q --no-pager -o short-monotonic -u 'reliable-raid*' 2>/dev/null | tail -n 40
echo '== jobs'
for i in 1 2 3 4 5 6 7 8 9 10; do
  jobs=$(systemctl list-jobs --no-legend | grep -v 'No jobs')
  [ -n "$jobs" ] || break
  sleep 2
done
echo "$jobs"
echo '== failed'
systemctl --failed --plain --no-legend
echo '== end'
`;

/** A unit that a device wants is queued a moment after udev is done with the device; a member given back is written to then. */
const settled =
  'udevadm settle; for i in 1 2 3 4 5; do sleep 2; systemctl list-jobs | grep -q "No jobs" && break; done; timeout 60 sh -c "while systemctl --quiet is-active reliable-raid-arrays.service; do sleep 1; done"; mdadm --wait /dev/md[0-9]*';

/** One line: a terminal would echo and interleave more. */
const oneLine = (script: string): string =>
  script
    .trim()
    .replace(/\bdo\n\s*/g, 'do ')
    .replace(/\n\s*/g, '; ');

/** Host seconds at which the guest's monotonic clock stood at zero: its kernel's own stamps may be off by a second. */
export async function clockStart(shell: SerialShell, hostSeconds: () => number): Promise<number> {
  const before = hostSeconds();
  const { output } = await shell.run('cat /proc/uptime', 30);
  return (before + hostSeconds()) / 2 - Number(/^\d+\.\d+/m.exec(output)?.[0]);
}

export async function collect(
  shell: SerialShell,
  uuids: Readonly<Record<string, string>>,
  isSystem: boolean,
  settle = false,
): Promise<Collected> {
  await shell.run('export TERM=dumb SYSTEMD_COLORS=0', 30);
  if (isSystem) await shell.run('systemctl is-system-running --wait', 150);
  if (settle) await shell.run(settled, 120);
  let { output } = await shell.run(oneLine(inEveryShell), 60);
  if (isSystem) output += `\n${(await shell.run(oneLine(inSystem), 60)).output}`;
  const section = (name: string): string[] => {
    const [, body = ''] = new RegExp(`^== ${name}\\n([\\s\\S]*?)^== `, 'm').exec(output) ?? [];
    return body.split('\n').filter((line) => line.trim() !== '');
  };
  const reportIn = (name: string): Report | undefined => {
    const text = section(name).join('\n');
    return text === '' ? undefined : readReport(text);
  };
  return {
    report: reportIn('report'),
    laterReport: reportIn('later'),
    arrays: arrayStates(section('arrays'), uuids),
    mounts: mountSources(section('mounts')),
    failedUnits: section('failed'),
    jobs: section('jobs').filter((line) => !/No jobs running/.test(line)),
    rootMountedAt: firstStamp(section('kernel')),
    initStartedAt: firstStamp(section('init')),
    rootOfHalf: section('half')[0],
    data: section('data').join('; ') || undefined,
  };
}

/** A report of any schema. */
export function readReport(text: string): Report {
  const read = parseAnyReport(text, 'boot.json');
  if (!read.ok) throw new Error(`${read.at} ${read.why}`);
  return read.value;
}

function arrayStates(
  lines: readonly string[],
  uuids: Readonly<Record<string, string>>,
): Record<string, ArrayState> {
  const states: Record<string, ArrayState> = {};
  for (const line of lines) {
    const [kernelName = '', uuid = '', state = '', degraded] = line.trim().split(/\s+/);
    const known = Object.entries(uuids).find(([, each]) => each === uuid)?.[0];
    states[known ?? kernelName] = {
      kernelName,
      state,
      degraded: degraded === undefined ? undefined : Number(degraded),
    };
  }
  return states;
}

function mountSources(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => line.split(' ')).map(([source = '', target = '']) => [target, source] as const),
  );
}

function firstStamp(lines: readonly string[]): number | undefined {
  const stamp = /\[\s*(\d+\.\d+)\]/.exec(lines[0] ?? '')?.[1];
  return stamp === undefined ? undefined : Number(stamp);
}
