// node test/boot/real-kernel/arrays.ts [--only WORD] [--suite trixie] [--cover] [--show]
// `arrays` against real md and real udev: each case sets arrays up under user-mode Linux, takes disks away, and has the boot engine
// decide as reliable-raid-arrays.service does, with a wait of 2 s.
import { arraysCases } from './arrays-cases.ts';
import { judgeOnMachine } from './machine-facts.ts';
import { caseOptions, runCases } from './run-cases.ts';

const words = `
arrays() { said=$("$engine" arrays 2>&1) && status=0 || status=$?; said=$(echo "$said" | tr '\\n' ' ' | sed 's/ *$//'); }
# hide DISK...: nobody finds a superblock there until it is shown again.
hide() {
  for disk in "$@"; do
    dd if="/dev/$disk" of="/tmp/head-$disk" bs=64K count=1 status=none
    dd if=/dev/zero of="/dev/$disk" bs=64K count=1 conv=notrunc,fsync status=none
  done
  udevadm settle; udevadm trigger --action=change $(printf ' /sys/class/block/%s' "$@"); udevadm settle
}
show() { for disk in "$@"; do dd if="/tmp/head-$disk" of="/dev/$disk" bs=64K conv=notrunc,fsync status=none; done; udevadm settle; plug "$@"; }
marks() { ls /run/reliable-raid/decided 2>/dev/null | tr '\\n' ' ' | sed 's/ $//'; }
`;
const kernelArguments = ['reliable_raid.wait=2'];
const { suite, ...options } = caseOptions('show');
const show = options.switches.has('show');
await runCases(
  { suite, ...options },
  {
    subject: 'arrays:',
    cases: arraysCases,
    judge: (one) => judgeOnMachine(one, { suite, show, words, kernelArguments, disks: 2 }),
  },
);
