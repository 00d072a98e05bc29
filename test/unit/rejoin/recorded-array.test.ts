import fc from 'fast-check';
import { test } from 'tap';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import { recordedArray } from '../../../src/core/rejoin/recorded-array.ts';
import { record, UUID } from '../../support/member-devices.ts';

test('what was last recorded of an array', async (t) => {
  const deviceUuid = '01234567:89abcdef:01234567:89abcdef';
  const entry = {
    ...{ arrayUuid: UUID, device: 'md0', recordedAtMs: 1, events: 50, updateTimeMs: 1_700_000_000_000 },
    inSync: [{ deviceUuid, role: 0 }],
    seen: [{ deviceUuid, lastSeenMs: 1, events: 50 }],
  };
  const text = (value: unknown) => JSON.stringify({ schema: 'reliable-raid/ledger/1', entries: [value] });
  t.same(recordedArray(text(entry), UUID), record({ inSync: [deviceUuid], seen: [deviceUuid] }));
  t.equal(recordedArray(text({ ...entry, events: -1 }), UUID), null);
  t.equal(recordedArray(text(entry), 'ffffffff:22222222:33333333:44444444' as MdUuid), null);
  t.equal(recordedArray('{"entries"', UUID), null);
  fc.assert(fc.property(fc.json(), (json) => recordedArray(json, UUID) === null));
});
