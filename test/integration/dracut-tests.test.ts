// What `npm run dracut-tests` makes of a checkout of dracut-ng; the tests themselves need a machine that boots guests.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { listOfMembers } from '../../tools/dracut-tests/list-of-images.ts';
import { moduleForTests, withDegradedRuns } from '../../tools/dracut-tests/prepare.ts';
import { prepareCopy } from '../../tools/dracut-tests/run.ts';

const UUID = '11111111:22222222:33333333:44444444';
const CONDITION = `if ! grep -qF 'degraded' "$test_name"; then`;

t.test('a run whose name says so lacks a disk', async (t) => {
  const attached = (name: string) =>
    execFileSync('bash', ['-c', `test_name="${name}"\n${withDegradedRuns(`${CONDITION} echo both; fi`)}`], {
      encoding: 'utf8',
    });
  t.equal(attached('raid crypt'), 'both\n');
  t.equal(attached('degraded raid'), '');
  t.equal(withDegradedRuns('mended already'), 'mended already');
});

t.test('the list of the images: each array once', async (t) => {
  const member = (more = '') =>
    `MD_LEVEL=raid1\nMD_DEVICES=2\nMD_NAME=dracut:root\nMD_UUID=${UUID}\nMD_METADATA=1.2\n${more}`;
  const { arrays } = listOfMembers([member(), member(), '', 'MD_UUID=x\nMD_METADATA=1.2\n'], 5_000);
  t.match(arrays, [{ uuid: UUID, name: 'root', level: 1, raidDevices: 2, metadata: '1.2', waitMs: 5_000 }]);
  t.equal(arrays.length, 1);
});

t.test('a copy with our module; the checkout stays as it is', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-checkout-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const checkout = join(folder, 'checkout');
  await t.rejects(prepareCopy(checkout, join(folder, 'none')), /no checkout of dracut-ng/);
  for (const path of ['modules.d', 'test/TEST-20-STORAGE'])
    mkdirSync(join(checkout, path), { recursive: true });
  const script = 'test/TEST-20-STORAGE/test.sh';
  writeFileSync(join(checkout, script), CONDITION);
  const copy = join(folder, 'copy');
  await prepareCopy(checkout, copy);
  t.match(readFileSync(join(copy, script), 'utf8'), /\*degraded\*/);
  t.equal(readFileSync(join(checkout, script), 'utf8'), CONDITION);
  t.notOk(existsSync(join(checkout, 'modules.d/96reliable-raid')));
  const setup = readFileSync(join(copy, 'modules.d/96reliable-raid/module-setup.sh'), 'utf8');
  t.match(setup, /resolve\(\) \{ \S+ \S+list-of-images\.ts "\$TESTDIR" "\$IMAGE"; \}\n\t\tfill_image ''/);
  execFileSync('bash', ['-n', join(copy, 'modules.d/96reliable-raid/module-setup.sh')]);
  t.throws(() => moduleForTests('nothing', 'x'), /has not one line/);
});
