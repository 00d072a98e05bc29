// node test/boot/real-kernel/arrays.ts [--only WORD] [--suite trixie] [--show]
// `arrays` against real md and real udev: each case sets arrays up under user-mode Linux, takes disks away, and has the boot engine
// decide as reliable-raid-arrays.service does, with a wait of 2 s.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runUnderUml } from '../guest/uml.ts';
import { type ArraysCase, arraysCases } from './arrays-cases.ts';
import { caseOptions, runCases } from './run-cases.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const options = caseOptions('show');
const words = readFileSync(new URL('gate-machine', import.meta.url), 'utf8');
const own = `
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
await runCases(options, { subject: 'arrays:', cases: arraysCases, judge });

async function judge({ script, expect, program }: ArraysCase): Promise<string | null> {
  const { code, stderr, files } = await runUnderUml({
    suite: options.suite,
    disks: [{ size: '24M' }, { size: '24M' }],
    kernelArguments: ['reliable_raid.wait=2'],
    input: [
      join(project, 'dist/reliable-raid-boot'),
      join(project, 'udev/63-reliable-raid.rules'),
      ...(program ? [join(project, 'dist/reliable-raid')] : []),
    ],
    files: { 'gate-machine': words },
    timeoutSeconds: 120,
    script: `. /run/job/prepare >/dev/null 2>&1
. /run/job/gate-machine
${own}
set -x
${script}`,
  });
  const facts = new Map(
    (files['facts'] ?? '').split('\n').map((line) => {
      const equals = line.indexOf('=');
      return [line.slice(0, equals), line.slice(equals + 1)] as const;
    }),
  );
  if (options.switches.has('show')) process.stdout.write(files['facts'] ?? '');
  const wrong = Object.entries(expect).filter(([name, wanted]) => {
    const found = facts.get(name);
    return found === undefined || !(typeof wanted === 'string' ? found === wanted : wanted.test(found));
  });
  if (code === 0 && wrong.length === 0) return null;
  const named = wrong.map(([name, wanted]) => `  ${name}: ${facts.get(name)}, wanted ${wanted}\n`);
  return `  status ${code}\n${named.join('')}${files['facts'] ?? ''}\n${stderr}\n`;
}
