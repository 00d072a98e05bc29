import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { findRefusedArrays } from '../../../../src/app/image/refused-arrays.ts';
import { resolve } from '../../../../src/app/watchlist/resolve.ts';
import { buildSimulatedMachine } from '../../../support/simulated-machine.ts';

/** What is said of a machine whose arrays have this block size, by the kernels of an image. */
async function refusedWith(t: Test, logicalBlockBytes: number) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'reliable-raid-refused-')));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const machine = buildSimulatedMachine(folder, {
    ...{ arrays: 3, membersEach: 2, belowRoot: 2 },
    logicalBlockBytes,
  });
  const { watchlist } = await resolve(machine, { root: '/', fstab: null, resume: null, guessResume: false });
  if (!watchlist.ok) throw new Error(watchlist.why);
  const image = join(folder, 'image');
  return async (...modules: readonly string[]) => {
    rmSync(image, { recursive: true, force: true });
    for (const path of modules) mkdirSync(join(image, path), { recursive: true });
    const found = await findRefusedArrays(machine, image, watchlist.value.arrays);
    return found.map(({ code, kernel }) => `${code} ${kernel}`);
  };
}

t.test('of the arrays of root, those that the kernel of an image is too old for', async (t) => {
  const refused = await refusedWith(t, 4096);
  const twice = (finding: string) => [finding, finding];
  t.same(await refused('lib/modules/6.12.9'), twice('too-old 6.12.9'), 'two of three are below root');
  t.same(await refused('usr/lib/modules/6.12.9', 'lib/modules/6.12.9'), twice('too-old 6.12.9'));
  t.same(await refused('usr/lib/modules/6.19.1'), []);
  t.same(await refused('usr/lib/modules/own'), twice('no-version own'));
  t.same(await refused('usr/lib'), [], 'nobody knows which kernel');
  t.same(await (await refusedWith(t, 0))('lib/modules/6.12.9'), []);
});
