// Records what mdadm says of members of IMSM and DDF containers: `node tools/record-containers.ts [SUITE]` makes some under
// user-mode Linux (see record-containers.sh) and renews test/fixtures/recorded/containers-SUITE. Needs what the boot tests need.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runUnderUml } from '../test/boot/guest/uml.ts';

const suite = process.argv[2] ?? 'trixie';
const folder = join(import.meta.dirname, `../test/fixtures/recorded/containers-${suite}`);
const script = readFileSync(join(import.meta.dirname, 'record-containers.sh'), 'utf8');
const { code, stdout, stderr, files } = await runUnderUml({
  script: `. /run/job/prepare >/dev/null 2>&1\n${script}`,
  disks: Array.from({ length: 3 }, () => ({ size: '120M' })),
  suite,
  timeoutSeconds: 200,
});
if (code !== 0) throw new Error(`the script ended with ${code}\n${stdout}\n${stderr}`);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const { 'versions.txt': versions = '', ...recorded } = files;
for (const [name, text] of Object.entries(recorded)) writeFileSync(join(folder, name), text);
const [mdadm, kernel] = versions.trim().split('\n');
const date = new Date().toISOString().slice(0, 10);
const meta = { command: 'node tools/record-containers.ts', suite, mdadm, kernel, date };
writeFileSync(join(folder, 'meta.json'), `${JSON.stringify(meta, null, 2)}\n`);
process.stdout.write(`${Object.keys(recorded).length} files in ${folder}\n`);
