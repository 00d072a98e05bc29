import { test } from 'tap';
import type { Finding } from '../../../../src/core/inspect/finding.ts';
import { nextBootFault } from '../../../../src/core/render/notices/next-boot-fault.ts';
import { forecastOf, machineReport } from '../../../support/machine-reports.ts';

const faultOf = (...args: Parameters<typeof forecastOf>): string | null => {
  const { nextBoot } = machineReport();
  if (nextBoot === null) throw new Error('the report foretells nothing');
  return nextBootFault({ ...nextBoot, forecasts: [forecastOf(...args)] });
};

const image = (grade: Finding['grade']): Finding => ({ stage: 'image', grade, code: 'no-kernel' }) as Finding;

test('where the boot ends, in half a sentence; what nobody can tell is no fault', async (t) => {
  t.equal(faultOf(), null);
  t.equal(faultOf({ findings: [image('unknown'), image('note')] }), null);
  t.match(faultOf({ findings: [image('stop')] }), /kernel/);
  t.match(faultOf({ outcome: 'stops', rootAfterMs: null }), /^[^\n]+[^.\n]$/);
  const { nextBoot } = machineReport();
  t.equal(nextBoot === null ? '' : nextBootFault({ ...nextBoot, forecasts: [] }), null);
});
