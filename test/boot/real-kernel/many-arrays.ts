// node test/boot/real-kernel/many-arrays.ts [--suite trixie]
// What the decision about the arrays of a large machine costs: 200 mirrors on device-mapper under user-mode Linux, 40 of them without a
// disk, and the boot engine's `arrays` with a wait of 30 s. It takes a quarter of an hour, most of it for making the arrays.
import { judgeOnMachine, type MachineCase } from './machine-facts.ts';
import { caseOptions, runCases } from './run-cases.ts';

const ARRAYS = 200;
const DEGRADED = 40;
const WAIT_S = 30;

const words = `
# md's own word on each array, counted.
states() { head -q -n 1 /sys/block/md*/md/array_state 2>/dev/null | sed 's/^read-auto$\\|^clean$\\|^active.*/runs/' | sort | uniq -c | tr -s ' \\n' ' ' | sed 's/^ //; s/ $//'; }
degraded() { cat /sys/block/md*/md/degraded | grep -c 1; }
reported() { sed -n 's/.*"'"$1"'": *\\([0-9.]*\\).*/\\1/p' /run/reliable-raid/arrays.json | head -1; }
`;

const manyMirrors: MachineCase = {
  name: `${ARRAYS} mirrors, ${DEGRADED} of them without a disk: all are decided within their wait, by one process`,
  script: `set +x
    for n in $(seq ${2 * ARRAYS}); do echo "0 8192 linear /dev/ubdb $((n * 8192))" | dmsetup create "d$n"; done
    udevadm settle
    for n in $(seq ${ARRAYS}); do
      yes | mdadm --create "/dev/md/a$n" --run --quiet --homehost=box --level=1 --raid-devices=2 --metadata=1.2 --bitmap=none --assume-clean \\
        "/dev/mapper/d$n" "/dev/mapper/d$((n + ${ARRAYS}))" >/dev/null 2>&1
    done
    udevadm settle
    say made "$(states)"
    mdadm --stop --scan >/dev/null 2>&1; udevadm settle
    for n in $(seq ${DEGRADED}); do dmsetup remove "d$n"; done
    hostname box; our_rules
    udevadm trigger --action=change --sysname-match='dm-*'; udevadm settle --timeout=600
    say before "$(states)"
    read -r from _ </proc/uptime
    ( $engine arrays >out/said 2>&1; say status $?; times >out/times )
    read -r to _ </proc/uptime
    say after "$(states)"; say degraded "$(degraded)"; say started "$(grep -c 'starting array' out/said)"
    say seconds "$(echo "$from $to" | awk '{ printf "%.1f", $2 - $1 }')"
    cp /run/reliable-raid/arrays.json out/report
    say memory_kib "$(reported peakMemoryKiB)"; say processor "$(tail -1 out/times)"`,
  expect: {
    made: `${ARRAYS} runs`,
    before: `${DEGRADED} inactive ${ARRAYS - DEGRADED} runs`,
    ...{ status: '0', after: `${ARRAYS} runs`, degraded: String(DEGRADED), started: String(DEGRADED) },
    memory_kib: /^\d+$/,
  },
};

const { suite, ...options } = caseOptions();
await runCases(
  { suite, ...options },
  {
    subject: 'arrays:',
    cases: [manyMirrors],
    judge: (one) =>
      judgeOnMachine(one, {
        ...{ suite, words, disks: 1, diskSize: '2G', memory: '1G', timeoutSeconds: 3000 },
        show: true,
        kernelArguments: [`reliable_raid.wait=${WAIT_S}`],
      }),
  },
);
