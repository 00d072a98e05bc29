// node test/boot/real-kernel/observe.ts [--only TEXT] [--suite trixie] [--cover]
// What the boot engine's observer sees of disks that misbehave: each case under user-mode Linux with real md and scsi_debug.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostArch } from '../../../tools/build/arch.ts';
import { buildBootEngine } from '../../../tools/build/build-boot-engine.ts';
import { DIST } from '../../../tools/project.ts';
import { runUnderUml } from '../guest/uml.ts';
import { type DiskCase, diskCases, type Look } from './disk-cases.ts';
import { caseOptions, runCases } from './run-cases.ts';

const options = caseOptions();
const program = readFileSync(
  await buildBootEngine(
    hostArch(),
    'test/support/observe-program-quickjs.ts',
    join(DIST, '.cache', 'test-engine', 'observe-program'),
  ),
);

const TOOLS = `
# udev keeps no watch on a device while it looks at it, and settle does not wait for the watch: what mdadm writes must be announced.
create() {
  array=$1; shift; yes | mdadm --create /dev/$array --run --bitmap=none "$@"; mdadm --wait /dev/$array
  udevadm settle; for word; do case $word in /dev/*) udevadm trigger --settle $word ;; esac; done
}
look() { udevadm settle; /run/job/observe >out/$1.json; }
pull() { echo 1 >"$(readlink -f /sys/class/block/$1/device)/delete"; until [ ! -e /sys/class/block/$1 ]; do sleep 0.1; done; udevadm settle; }
replug() { for host in /sys/class/scsi_host/*; do echo '- - -' >$host/scan; done; sleep 1; udevadm settle; }
`;

await runCases(options, { subject: 'observe', cases: diskCases, judge });

async function judge({ scsi, script, expect, further }: DiskCase): Promise<string | null> {
  const { code, stderr, files } = await runUnderUml({
    suite: options.suite,
    files: { observe: program },
    timeoutSeconds: 120,
    script: `. /run/job/prepare >/dev/null 2>&1
modprobe sd_mod; modprobe scsi_debug ${scsi.includes('dev_size_mb') ? '' : 'dev_size_mb=40'} lbpu=0 ${scsi}
until [ -e /sys/class/block/sda ]; do sleep 0.1; done
sleep 0.5; udevadm settle
${TOOLS}
{ ${script}
} </dev/null >out/log 2>&1`,
  });
  const looks: Record<string, Look> = {};
  const faults: string[] = [];
  for (const [name, wanted] of Object.entries(expect)) {
    const text = files[`${name}.json`] ?? '';
    if (text === '') faults.push(`${name}: nothing was seen`);
    else {
      looks[name] = JSON.parse(text) as Look;
      const found = inOneLine(looks[name]);
      if (found !== wanted)
        faults.push(`${name}: found  ${found}\n  ${' '.repeat(name.length)}  wanted ${wanted}`);
    }
  }
  const more = faults.length === 0 ? (further?.(looks, files) ?? null) : null;
  if (more !== null) faults.push(more);
  if (code === 0 && faults.length === 0) return null;
  return `${faults.map((fault) => `  ${fault}\n`).join('')}  status ${code} ${stderr}\n${files['log'] ?? ''}`;
}

function inOneLine({ members, arrays }: Look): string {
  const ofMembers = members.map(
    ({ device, superblock, boundTo }) =>
      `${device}/${superblock.role}${boundTo === null ? '' : `@${boundTo}`}`,
  );
  const ofArrays = arrays.map(
    ({ device, state, deadMembers }) => `${device}:${state}${deadMembers.map((name) => `!${name}`).join('')}`,
  );
  return [...ofMembers, ...ofArrays].join(' ');
}
