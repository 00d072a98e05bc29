/**
 * Runs dracut-ng's own tests of storage with our module in the images, in a copy of a checkout.
 *   npm run dracut-tests -- PATH-OF-A-CHECKOUT
 * Needs what those tests need (qemu, a kernel, mdadm, cryptsetup, lvm2), and the package of reliable-raid installed.
 */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { ROOT, runTool, ToolError } from '../project.ts';
import { moduleForTests, TESTS, withDegradedRuns } from './prepare.ts';

/** The engine and what else the module copies. */
const INSTALLED = '/usr/lib/reliable-raid/image-files';

/** A copy of the checkout with our module and with degraded runs that are. */
export async function prepareCopy(checkout: string, copy: string): Promise<void> {
  if (!existsSync(join(checkout, 'modules.d')) || !existsSync(join(checkout, 'test', TESTS[0], 'test.sh')))
    throw new ToolError(
      `${checkout} is no checkout of dracut-ng: modules.d or test/${TESTS[0]} is not there`,
    );
  await cp(checkout, copy, { recursive: true, verbatimSymlinks: true });
  const module = join(copy, 'modules.d/96reliable-raid');
  await cp(join(ROOT, 'dracut/96reliable-raid'), module, { recursive: true });
  const list = join(ROOT, 'tools/dracut-tests/list-of-images.ts');
  const setup = join(module, 'module-setup.sh');
  const makeList = `${process.execPath} ${list} "$TESTDIR"`;
  await writeFile(setup, moduleForTests(await readFile(setup, 'utf8'), makeList));
  for (const test of TESTS) {
    const script = join(copy, 'test', test, 'test.sh');
    if (existsSync(script)) await writeFile(script, withDegradedRuns(await readFile(script, 'utf8')));
  }
}

async function runTests(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path === undefined)
    throw new ToolError('no checkout named', 'npm run dracut-tests -- PATH-OF-A-CHECKOUT');
  if (!existsSync(INSTALLED))
    throw new ToolError(`${INSTALLED} is not there`, 'install the package of reliable-raid');
  const folder = await mkdtemp(join(tmpdir(), 'reliable-raid-dracut-'));
  const copy = join(folder, 'dracut');
  let failed = 0;
  try {
    await prepareCopy(resolve(path), copy);
    const env = { TEST_DRACUT_ARGS: ' -a reliable-raid ', TEST_KERNEL_CMDLINE: ' reliable_raid.wait=5 ' };
    for (const test of TESTS) {
      const run = await execa('make', ['-C', join(copy, 'test', test), 'all'], {
        env,
        stdio: 'inherit',
        reject: false,
      });
      if (run.failed) failed += 1;
      process.stdout.write(`${test}: ${run.failed ? 'FAILED' : 'ok'}\n`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (failed > 0) throw new ToolError(`${failed} of ${TESTS.length} tests of dracut failed, see above`);
}

if (import.meta.main) await runTool(runTests);
