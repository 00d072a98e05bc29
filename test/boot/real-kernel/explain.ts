// node test/boot/real-kernel/explain.ts [--only TEXT] [--suite trixie] [--cover]
// `explain` against real md: what it foretells for every one and two disks taken away, and what mdadm and the kernel then do with
// the members that are left, under user-mode Linux.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seconds } from '../guest/progress.ts';
import { runUnderUml } from '../guest/uml.ts';
import { caseOptions, runCases } from './run-cases.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const options = caseOptions();

/** Arrays from below, with their members. */
const ARRAYS = {
  md0: ['ubdb', 'ubdc'],
  md1: ['ubdd', 'ubde', 'ubdf'],
  md2: ['ubdg', 'ubdh'],
  md3: ['md2', 'ubdi'],
} as const;
const DISKS = Object.values(ARRAYS)
  .flat()
  .filter((name) => name.startsWith('ubd'));

const setup = `
yes | mdadm --create /dev/md0 --run --level=1 --raid-devices=2 /dev/ubdb /dev/ubdc
yes | mdadm --create /dev/md1 --run --level=5 --raid-devices=3 /dev/ubdd /dev/ubde /dev/ubdf
yes | mdadm --create /dev/md2 --run --level=1 --raid-devices=2 /dev/ubdg /dev/ubdh
yes | mdadm --create /dev/md3 --run --level=1 --raid-devices=2 /dev/md2 /dev/ubdi
udevadm settle
for array in 0 1 2 3; do mdadm --wait /dev/md$array; done
for array in 0 1 3; do mkfs.ext4 -q -F /dev/md$array; done
udevadm settle
printf '/dev/md0 / ext4\\n/dev/md1 /usr ext4\\n/dev/md3 /srv ext4 x-initrd.mount\\n' >/etc/fstab
mkdir -p /etc/mdadm; mdadm --detail --scan >/etc/mdadm/mdadm.conf
`;

/** What md does with the members that are left, as one line a case and array: state after -I, state after --run, degraded. */
const truth = `
state() { head -n 1 /sys/block/$1/md/array_state 2>/dev/null || echo none; }
runs() { case $(state $1) in none|clear|inactive) return 1 ;; esac; }
one_case() { # DISK...
  for array in md3 md2 md1 md0; do [ ! -e /sys/block/$array/md ] || mdadm --stop /dev/$array; done
  udevadm settle
  for pair in ${Object.entries(ARRAYS)
    .map(([array, members]) => `${array}:${members.join(',')}`)
    .join(' ')}; do
    array=\${pair%%:*}
    for member in $(echo "\${pair#*:}" | tr , ' '); do
      case " $* " in *" $member "*) continue ;; esac
      case $member in md*) runs $member || continue ;; esac
      mdadm --incremental /dev/$member
    done
    first=$(state $array)
    runs $array || [ $first = none ] || mdadm --run /dev/$array
    udevadm settle
    echo "$(echo "$*" | tr ' ' ,) $array $first $(state $array) $(cat /sys/block/$array/md/degraded 2>/dev/null)" >>out/truth
  done
}
`;

/** `--cover`: of two disks, those that one array or stack of arrays loses both. */
const isTried = (one: string, two: string): boolean => !options.cover || stackOf(one) === stackOf(two);
const stackOf = (disk: string): string | undefined =>
  Object.entries(ARRAYS)
    .find(([, members]) => (members as readonly string[]).includes(disk))?.[0]
    .replace('md2', 'md3');
const takenAway = DISKS.flatMap((one, index) => [
  [one],
  ...DISKS.slice(index + 1)
    .filter((two) => isTried(one, two))
    .map((two) => [one, two]),
]);

interface Told {
  readonly cases: readonly {
    readonly without: readonly { readonly device: string }[];
    readonly arrays: readonly {
      readonly devicePath: string;
      readonly state: 'found' | 'started' | 'not-started';
      readonly missingRoles: readonly number[];
    }[];
  }[];
}

const RUNNING = new Set(['clean', 'active', 'read-auto', 'readonly', 'active-idle', 'write-pending']);

const runGuest = () =>
  runUnderUml({
    suite: options.suite,
    disks: DISKS.map(() => ({ size: '40M' })),
    input: [join(project, 'dist/reliable-raid')],
    timeoutSeconds: 300,
    script: `. /run/job/prepare >/dev/null 2>&1
{ ${setup} } >out/setup.log 2>&1 </dev/null
explain() { /run/job/input/reliable-raid explain "$@"; }
explain --each >out/all.txt 2>out/explain.err; echo $? >out/status
${DISKS.map((disk) => `explain --json --each --without ${disk} >out/told-${disk} 2>>out/explain.err`).join('\n')}
${truth}
${takenAway.map((disks) => `one_case ${disks.join(' ')}`).join('\n')} >out/truth.log 2>&1`,
  });

type Files = Awaited<ReturnType<typeof runGuest>>['files'];

interface ExplainCase {
  readonly name: string;
  /** The disks that are taken away. */
  readonly taken: string;
  readonly array: string;
}

const cases = takenAway.flatMap((disks) =>
  Object.keys(ARRAYS).map(
    (array): ExplainCase => ({ name: `without ${disks.join(',')}: ${array}`, taken: disks.join(','), array }),
  ),
);

/** What `explain` says of each case and array. */
function foretoldIn(files: Files): ReadonlyMap<string, string> {
  const foretold = new Map<string, string>();
  for (const disk of DISKS) {
    for (const { without, arrays } of (JSON.parse(files[`told-${disk}`] || '{"cases":[]}') as Told).cases) {
      const taken = without.map(({ device }) => device).toSorted();
      for (const { devicePath, state, missingRoles } of arrays)
        foretold.set(
          `${taken.join(',')} ${devicePath.replace('/dev/', '')}`,
          state === 'not-started' ? state : `${state}, ${missingRoles.length} missing`,
        );
    }
  }
  return foretold;
}

/** What md did with the members that were left: by case and array. */
function truthIn(files: Files): ReadonlyMap<string, string> {
  const truth = new Map<string, string>();
  for (const line of (files['truth'] ?? '').trim().split('\n')) {
    const [taken = '', array = '', first = '', second = '', degraded = ''] = line.split(' ');
    const seen = RUNNING.has(first) ? 'found' : RUNNING.has(second) ? 'started' : 'not-started';
    truth.set(`${taken} ${array}`, seen === 'not-started' ? seen : `${seen}, ${degraded} missing`);
  }
  return truth;
}

interface Findings {
  readonly foretold: ReadonlyMap<string, string>;
  readonly truth: ReadonlyMap<string, string>;
}

/** One guest for all cases; what it said is shown at once, the set-up's words where md said nothing. */
async function findOut(): Promise<Findings> {
  const startedAtMs = performance.now();
  const { code, stderr, files } = await runGuest();
  if (files['truth'] === undefined)
    process.stdout.write(`the script ended with ${code}\n${stderr}\n${files['setup.log'] ?? ''}\n`);
  process.stdout.write(`${files['all.txt'] ?? ''}${files['explain.err'] ?? ''}`);
  const took = seconds(performance.now() - startedAtMs);
  process.stdout.write(`explain against md: ${takenAway.length} cases (${took})\n`);
  return { foretold: foretoldIn(files), truth: truthIn(files) };
}

let findings: Promise<Findings> | null = null;

await runCases(options, { subject: 'explain', cases, judge, quiet: true });

async function judge({ taken, array }: ExplainCase): Promise<string | null> {
  findings ??= findOut();
  const { foretold, truth } = await findings;
  const [told, wanted] = [foretold.get(`${taken} ${array}`), truth.get(`${taken} ${array}`)];
  return wanted !== undefined && told === wanted ? null : `  md ${wanted}, explain ${told}\n`;
}
