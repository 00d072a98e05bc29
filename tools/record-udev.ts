// Records what udev says while an array comes and goes: `node tools/record-udev.ts [SUITE]` renews
// test/fixtures/recorded/udev-SUITE. Needs what the boot tests need.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runUnderUml } from '../test/boot/guest/uml.ts';

const suite = process.argv[2] ?? 'trixie';
const folder = join(import.meta.dirname, `../test/fixtures/recorded/udev-${suite}`);

const { code, stdout, stderr, files } = await runUnderUml({
  suite,
  disks: [{ size: '40M' }, { size: '40M' }],
  script: `. /run/job/prepare
    out=/run/job/out
    udevadm --version >$out/version; uname -r >$out/kernel
    udevadm monitor --udev --subsystem-match=block --property >$out/monitor.txt &
    monitor=$!
    sleep 1
    mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --bitmap=none --homehost=lab --name=root /dev/ubdb /dev/ubdc </dev/null
    udevadm settle
    mdadm --wait /dev/md0
    udevadm settle
    cp /run/udev/data/b98:16 $out/member.txt
    cp /run/udev/data/b9:* $out/array.txt
    mdadm --stop /dev/md0
    udevadm settle
    udevadm trigger --action=change --sysname-match=ubdb
    udevadm settle
    kill $monitor`,
});
if (code !== 0) throw new Error(`the script ended with ${code}\n${stdout}\n${stderr}`);
const { version = '', kernel = '', ...recorded } = files;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(recorded)) writeFileSync(join(folder, name), text);
const date = new Date().toISOString().slice(0, 10);
const meta = {
  command: 'node tools/record-udev.ts',
  suite,
  udev: version.trim(),
  kernel: kernel.trim(),
  date,
};
writeFileSync(join(folder, 'meta.json'), `${JSON.stringify(meta, null, 2)}\n`);
