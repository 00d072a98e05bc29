// node test/boot/real-kernel/explain.ts [--suite trixie]
// `explain` against real md: what it foretells for every one and two disks taken away, and what mdadm and the kernel then do with
// the members that are left, under user-mode Linux.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seconds } from '../guest/progress.ts';
import { runUnderUml } from '../guest/uml.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const { values: options } = parseArgs({ options: { suite: { type: 'string', default: 'trixie' } } });

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
state() { cat /sys/block/$1/md/array_state 2>/dev/null || echo none; }
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

const cases = DISKS.flatMap((one, index) => [[one], ...DISKS.slice(index + 1).map((two) => [one, two])]);

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

const started = performance.now();
const { code, stderr, files } = await runUnderUml({
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
${cases.map((disks) => `one_case ${disks.join(' ')}`).join('\n')} >out/truth.log 2>&1`,
});
if (code !== 0 && files['truth'] === undefined) {
  process.stdout.write(`the script ended with ${code}\n${stderr}\n${files['setup.log'] ?? ''}\n`);
}
process.stdout.write(`${files['all.txt'] ?? ''}${files['explain.err'] ?? ''}`);

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
let passed = 0;
let failed = 0;
for (const line of (files['truth'] ?? '').trim().split('\n')) {
  const [taken = '', array = '', first = '', second = '', degraded = ''] = line.split(' ');
  const seen = RUNNING.has(first) ? 'found' : RUNNING.has(second) ? 'started' : 'not-started';
  const wanted = seen === 'not-started' ? seen : `${seen}, ${degraded} missing`;
  const told = foretold.get(`${taken} ${array}`);
  if (told === wanted) passed += 1;
  else {
    failed += 1;
    process.stdout.write(`not ok - without ${taken}: ${array}: md ${wanted}, explain ${told}\n`);
  }
}
if (passed !== cases.length * Object.keys(ARRAYS).length) failed = Math.max(failed, 1);
process.stdout.write(`explain against md: ${cases.length} cases (${seconds(performance.now() - started)})\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
