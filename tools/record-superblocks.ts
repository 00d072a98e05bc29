// Records what mdadm and the kernel really write: `node tools/record-superblocks.ts [SUITE]` makes arrays under user-mode
// Linux (see record-superblocks.sh) and renews test/fixtures/recorded/superblocks-SUITE. Needs what the boot tests need.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runUnderUml } from '../test/boot/guest/uml.ts';

const suite = process.argv[2] ?? 'trixie';
const folder = join(import.meta.dirname, `../test/fixtures/recorded/superblocks-${suite}`);
const outFolder = mkdtempSync(join(tmpdir(), 'reliable-raid-superblocks-'));
const script = readFileSync(join(import.meta.dirname, 'record-superblocks.sh'), 'utf8');
const disks = Array.from({ length: 6 }, () => ({ size: '40M' }));

try {
  const { code, stdout, stderr } = await runUnderUml({
    script,
    disks,
    suite,
    outFolder,
    timeoutSeconds: 900,
  });
  if (code !== 0) throw new Error(`the script ended with ${code}\n${stdout}\n${stderr}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(outFolder)) {
    const bytes = readFileSync(join(outFolder, name));
    writeFileSync(join(folder, name), name.endsWith('.bin') ? withoutTrailingZeros(bytes) : bytes);
  }
  const [mdadm, kernel] = readFileSync(join(folder, 'versions.txt'), 'utf8').trim().split('\n');
  rmSync(join(folder, 'versions.txt'));
  const date = new Date().toISOString().slice(0, 10);
  const meta = { command: 'node tools/record-superblocks.ts', suite, mdadm, kernel, date };
  writeFileSync(join(folder, 'meta.json'), `${JSON.stringify(meta, null, 2)}\n`);
  process.stdout.write(`${readdirSync(folder).length} files in ${folder}\n`);
} finally {
  rmSync(outFolder, { recursive: true, force: true });
}

/** Superblocks are 4096 bytes, mostly zeros at their end; readers fill them up again. */
function withoutTrailingZeros(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
