import { test } from 'tap';
import { type Finding, isGrave, stopsAt } from '../../../src/core/inspect/finding.ts';

const LOADER = { stage: 'loader', code: 'boot-gone', place: '/boot' } as const;
const FIRMWARE = { stage: 'firmware', code: 'unread', devices: [] } as const;

test('the first stage that ends the boot counts', async (t) => {
  const stops: readonly Finding[] = [
    { ...LOADER, grade: 'stop' },
    { ...FIRMWARE, grade: 'stop' },
  ];
  t.equal(stopsAt(stops), 'firmware');
  t.equal(stopsAt(stops.slice(0, 1)), 'loader');
  t.equal(stopsAt([{ ...LOADER, grade: 'unknown' }]), null);
  t.equal(stopsAt([]), null);
});

test('what is not known is as grave as what stops', async (t) => {
  t.same(
    (['stop', 'unknown', 'note'] as const).map((grade) => isGrave({ ...LOADER, grade })),
    [true, true, false],
  );
});
