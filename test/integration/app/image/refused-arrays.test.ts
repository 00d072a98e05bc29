import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { findRefusedArrays } from '../../../../src/app/image/refused-arrays.ts';
import { resolve } from '../../../../src/app/watchlist/resolve.ts';
import { checksum1 } from '../../../../src/core/md/superblock-1.ts';
import { buildSimulatedMachine } from '../../../support/simulated-machine.ts';

t.test('of the arrays of root, those that the kernel of an image is too old for', async (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'reliable-raid-refused-')));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const machine = buildSimulatedMachine(folder, { arrays: 3, membersEach: 2, belowRoot: 2 });
  const { watchlist } = await resolve(machine, { root: '/', fstab: null, resume: null, guessResume: false });
  if (!watchlist.ok) return t.fail(watchlist.why);
  const { arrays } = watchlist.value;
  const [disk = ''] = readdirSync(join(folder, 'dev')).filter((name) => /^sd/.test(name));
  setLogicalBlockBytes(join(folder, 'dev', disk), 4096);
  const image = join(folder, 'image');
  const refused = async (...modules: readonly string[]) => {
    rmSync(image, { recursive: true, force: true });
    for (const path of modules) mkdirSync(join(image, path), { recursive: true });
    return (await findRefusedArrays(machine, image, arrays)).map(({ code, kernel }) => `${code} ${kernel}`);
  };
  t.same(await refused('lib/modules/6.12.9'), ['too-old 6.12.9']);
  t.same(await refused('usr/lib/modules/6.12.9', 'lib/modules/6.12.9'), ['too-old 6.12.9']);
  t.same(await refused('usr/lib/modules/6.19.1'), []);
  t.same(await refused('usr/lib/modules/own'), ['no-version own']);
  t.same(await refused('usr/lib'), [], 'nobody knows which kernel');
  setLogicalBlockBytes(join(folder, 'dev', disk), 0);
  t.same(await refused('lib/modules/6.12.9'), []);
});

function setLogicalBlockBytes(path: string, size: number): void {
  const bytes = readFileSync(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset + 4096, 4096);
  view.setUint32(224, size, true);
  view.setUint32(216, checksum1(view, view.getUint32(220, true)), true);
  writeFileSync(path, bytes);
}
