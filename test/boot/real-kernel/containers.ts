// node test/boot/real-kernel/containers.ts [--only imsm] [--suite trixie]
// A volume of an IMSM or DDF container with real mdadm under user-mode Linux: what is recorded of it, what `start` says when one
// disk is gone, that it starts nothing, and that the command it names does.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostArch } from '../../../tools/build/arch.ts';
import { buildBootEngine } from '../../../tools/build/build-boot-engine.ts';
import { runUnderUml } from '../guest/uml.ts';
import { caseOptions, runCases } from './run-cases.ts';

const options = caseOptions();
const project = fileURLToPath(new URL('../../..', import.meta.url));
const engine = await buildBootEngine(hostArch());

const script = (kind: string): string => `. /run/job/prepare >/dev/null 2>&1
modprobe scsi_debug add_host=2 per_host_store=1 dev_size_mb=120
udevadm settle
export IMSM_NO_PLATFORM=1
mdadm --create /dev/md/c --run -e ${kind} -n 2 /dev/sda /dev/sdb
mdadm --create /dev/md/v --run --level=1 -n 2 -z 20M /dev/md/c
udevadm settle; sleep 2
mkfs.ext4 -q -F /dev/md/v; udevadm settle
echo "$(readlink -f /dev/md/v) / ext4" >fstab
input/reliable-raid resolve --json --fstab fstab >out/watchlist.json
engine() { "input/${engine.split('/').at(-1)}" "$@" --watchlist out/watchlist.json; }
mdadm --wait-clean /dev/md/v; mdadm --stop /dev/md/v || { sleep 2; mdadm --stop /dev/md/v; }
mdadm --stop /dev/md/c; udevadm settle
udevadm trigger --settle --subsystem-match=block
engine start >out/whole; echo $? >>out/whole
echo 1 >"$(readlink -f /sys/class/block/sdb/device)/delete"
until [ ! -e /sys/class/block/sdb ]; do sleep 0.1; done
udevadm settle
mdadm --incremental /dev/sda; udevadm settle
engine start >out/alone; echo $? >>out/alone
cat /proc/mdstat >out/untouched
words=$(tr '\\n' ' ' <out/alone | sed -n 's/.*(\\(mdadm  *--incremental[^)]*\\)).*/\\1/p')
eval "$words"; udevadm settle
engine start >out/started; echo $? >>out/started
true`;

await runCases(options, {
  subject: 'container,',
  cases: [{ name: 'imsm' }, { name: 'ddf' }],
  judge,
});

async function judge({ name: kind }: { readonly name: string }): Promise<string | null> {
  const { code, stdout, stderr, files } = await runUnderUml({
    suite: options.suite,
    input: [join(project, 'dist/reliable-raid'), engine],
    script: `cd /run/job\n{ ${script(kind)}\n} </dev/null >out/log 2>&1`,
    timeoutSeconds: 180,
  });
  const oneLine = (name: string): string => (files[name] ?? '').replace(/\s+/g, ' ');
  const rule = `${kind} arrays are started by their container`;
  const wanted: readonly (readonly [name: string, words: string | RegExp])[] = [
    ['whole', `raid1 of 2: not started: 2 of 2 disks are present; ${rule} (mdadm --incremental CONTAINER)`],
    ['whole', /present role [01] \/dev\/sda present role [01] \/dev\/sdb/],
    ['alone', `1 of 2 disks is present; ${rule} (mdadm --incremental --run /dev/md127)`],
    ['alone', /missing role [01] scsi_debug \(serial /],
    ['alone', /Not started: .* 1 $/],
    ['untouched', /^(?!.*active (\(|raid))/],
    ['started', /runs degraded as \/dev\/md.* 0 $/],
  ];
  const missing = wanted.filter(([name, words]) =>
    typeof words === 'string' ? !oneLine(name).includes(words) : !words.test(oneLine(name)),
  );
  const wide = Object.entries(files).flatMap(([name, text]) =>
    /^(whole|alone|started)$/.test(name) ? text.split('\n').filter((line) => line.length > 79) : [],
  );
  if (code === 0 && missing.length === 0 && wide.length === 0) return null;
  return [
    ...missing.map(([name, words]) => `  ${name}: ${words} not in:\n${files[name]}`),
    ...wide,
    `${code} ${stdout}${stderr}`,
    files['log'],
    files['watchlist.json'],
    '',
  ].join('\n');
}
