import { test } from 'tap';
import { policiesOfImage, writeGatePolicies } from '../../../../src/app/configuration/write-gate-policies.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { policyOfArray } from '../../../../src/core/configuration/array-policies.ts';
import { parseGatePolicies } from '../../../../src/core/configuration/gate-policies.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { IMAGE, listOf, uuidOf } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const PATH = '/run/reliable-raid/policies';
const CONFIG = '/etc/reliable-raid/config.toml';
const UUID = uuidOf(1);

async function written(texts: Readonly<Record<string, string>>): Promise<MemoryFiles> {
  const files = new MemoryFiles(texts);
  await writeGatePolicies({ files, paths: REAL_PATHS });
  return files;
}
const policyIn = ({ texts }: MemoryFiles, name = 'box:data') =>
  policyOfArray(
    parseGatePolicies(texts.get(PATH) ?? ''),
    { device: '', uuid: UUID, name, devName: null },
    false,
  ).degraded;

test('what the configuration says of degraded starts, for the gate', async (t) => {
  t.equal(policyIn(await written({})), 'start');
  t.equal(policyIn(await written({ [CONFIG]: 'degraded = "never"\n' })), 'never');
  t.equal(policyIn(await written({ [CONFIG]: '[array."data"]\ndegraded = "ask"\n' })), 'ask');
  t.equal(policyIn(await written({ [CONFIG]: '[array."data"]\nwait = 1\n' })), 'start');
  const both = `[array."${UUID}"]\ndegraded = "never"\n[array."data"]\ndegraded = "start"\n`;
  t.equal(policyIn(await written({ [CONFIG]: both })), 'never', 'the UUID counts more, wherever it stands');
});

test('a kernel name is kept as the array that it meant while that ran', async (t) => {
  const running = {
    '/sys/class/block/md127/md/array_state': 'clean\n',
    '/sys/class/block/md127/dev': '9:127\n',
    '/run/udev/data/b9:127': `E:MD_UUID=${UUID}\n`,
  };
  const config = { [CONFIG]: '[array."md127"]\ndegraded = "never"\n' };
  const before = await written({ ...running, ...config });
  t.equal(policyIn(before), 'never');
  t.equal(policyIn(await written({ ...config, [PATH]: before.texts.get(PATH) ?? '' })), 'never');
  t.equal(policyIn(await written(config)), 'start', 'nobody can tell');
});

test('an image gets what a name meant when the last one was made', async (t) => {
  const config = { [CONFIG]: '[array."md127"]\ndegraded = "never"\n' };
  const kept = { ...listOf(IMAGE), policies: `array never ${UUID} md127\n` };
  const inImage = (texts: Readonly<Record<string, string>>) =>
    policiesOfImage({ files: new MemoryFiles(texts), paths: REAL_PATHS });
  const known = { ...config, '/var/lib/reliable-raid/watchlist.json': formatWatchlist(kept) };
  t.match(await inImage(known), `array never ${UUID} md127\n`);
  t.match(await inImage(config), 'array never - md127\n');
});

test('what cannot be written is told', async (t) => {
  const files = new MemoryFiles();
  files.broken.set(PATH, { reason: 'error', detail: 'ENOSPC' });
  t.match(await writeGatePolicies({ files, paths: REAL_PATHS }), /policies: could not be written: ENOSPC/);
});
