import fc from 'fast-check';
import { test } from 'tap';
import { policyOfArray } from '../../../src/core/configuration/array-policies.ts';
import {
  formatGatePolicies,
  type GatePolicies,
  parseGatePolicies,
} from '../../../src/core/configuration/gate-policies.ts';
import { uuidOf } from '../../support/ledger-entries.ts';

const HERE = { device: '', uuid: uuidOf(1), name: 'box:data', devName: null };
const GENERAL: GatePolicies = {
  ...{ general: 'start', foreign: 'never', unmounted: 'start' },
  sections: [],
};
const policyBy = (policies: GatePolicies, isForeign = false, before = '') =>
  policyOfArray(parseGatePolicies(formatGatePolicies(policies, before)), HERE, isForeign).degraded;
const section = (key: string, ...uuids: readonly string[]): GatePolicies => ({
  ...GENERAL,
  sections: [{ key, degraded: 'never', uuids }],
});

test('what applies to an array, after it was written and read', async (t) => {
  t.equal(policyBy(GENERAL), 'start');
  t.equal(policyBy(GENERAL, true), 'never');
  t.equal(policyBy({ ...GENERAL, general: 'never' }), 'never');
  t.equal(policyBy({ ...GENERAL, foreign: 'start' }, true), 'start');
  for (const key of [HERE.uuid, HERE.uuid.replaceAll(':', '-'), 'data', 'box:data', '/dev/md/data'])
    t.equal(policyBy(section(key)), 'never', key);
  for (const key of ['md127', 'other', 'data\nx']) t.equal(policyBy(section(key)), 'start', key);
  t.equal(policyBy(section('md127', HERE.uuid)), 'never', 'told which array it is');
});

test('unmounted: said only where it is another policy than the general, and that one where it is not', async (t) => {
  t.notMatch(formatGatePolicies(GENERAL, ''), 'unmounted');
  t.notMatch(formatGatePolicies({ ...GENERAL, general: 'never', unmounted: 'never' }, ''), 'unmounted');
  const read = (policies: GatePolicies) => parseGatePolicies(formatGatePolicies(policies, '')).unmounted;
  t.equal(read({ ...GENERAL, unmounted: 'never' }), 'never');
  t.equal(read({ ...GENERAL, general: 'ask', unmounted: 'ask' }), 'ask');
  t.equal(parseGatePolicies('general never\n').unmounted, 'never', 'as an earlier version has written it');
});

test('a name that means nothing yet means what it last did', async (t) => {
  const before = formatGatePolicies(section('md127', HERE.uuid), '');
  t.equal(policyBy(section('md127'), false, before), 'never');
  t.equal(policyBy(section('md127', uuidOf(2)), false, before), 'start', 'it means another by now');
  t.equal(policyBy(section('md126'), false, before), 'start');
  t.equal(policyBy(GENERAL, false, before), 'start', 'the section is gone');
});

test('without a file, and with any text: as without a configuration where it is not understood', async (t) => {
  t.match(parseGatePolicies(''), { general: { degraded: 'start' }, foreign: 'never', sections: [] });
  t.match(parseGatePolicies('general maybe\narray never\nnonsense\n'), {
    general: { degraded: 'start' },
    sections: [],
  });
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseGatePolicies(text).sections)));
});
