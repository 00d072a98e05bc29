import { test } from 'tap';
import { showReport } from '../../../../src/cli/commands/show-report.ts';
import { machineReport, PLAIN_NAMES } from '../../../support/machine-reports.ts';

test('each form ends in one newline, and 1 says that a part is not known', async (t) => {
  for (const form of ['text', 'json', 'html'] as const) {
    const whole = showReport({ report: machineReport(), disks: [] }, form, false);
    t.match(whole, { status: 0, text: /[^\n]\n$/ });
    t.match(whole.text, 'web1');
    t.notMatch(showReport({ report: machineReport(), disks: [] }, form, true).text, 'web1');
  }
  const report = machineReport(PLAIN_NAMES, { nextBoot: null, warnings: ['why'] });
  t.match(showReport({ report, disks: [] }, 'text', false), { status: 1, warnings: ['why'] });
});
