import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { withMounted } from '../../../../src/app/read/mounted-arrays.ts';
import { DEFAULT_POLICIES, policyOfArray } from '../../../../src/core/configuration/array-policies.ts';
import { formatMountedArrays } from '../../../../src/core/configuration/mounted-arrays.ts';
import { uuidOf } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const PATH = '/etc/reliable-raid/mounted';
const RECORD = formatMountedArrays({ arrays: [uuidOf(1)], devices: [] });
const POLICIES = { ...DEFAULT_POLICIES, unmounted: 'never' as const };

async function policyWith(texts: Readonly<Record<string, string>>, n: number, policies = POLICIES) {
  const known = await withMounted({ files: new MemoryFiles(texts), paths: REAL_PATHS }, policies);
  return policyOfArray(known, { device: '', uuid: uuidOf(n), name: null, devName: null }, false).degraded;
}

test('what is mounted is as all others, what is not has its own policy', async (t) => {
  t.equal(await policyWith({ [PATH]: RECORD }, 1), 'start');
  t.equal(await policyWith({ [PATH]: RECORD }, 2), 'never');
});

test('where nobody has looked yet, all are as if they were mounted', async (t) => {
  t.equal(await policyWith({}, 2), 'start');
});

test('nothing is read where it makes no difference', async (t) => {
  const known = await withMounted(
    { files: new MemoryFiles({ [PATH]: RECORD }), paths: REAL_PATHS },
    DEFAULT_POLICIES,
  );
  t.equal(known.mounted, null);
});
