import fc from 'fast-check';
import { test } from 'tap';
import { renderReportJson } from '../../../../src/core/render/report/report-json.ts';
import { hostileNames, machineReport } from '../../../support/machine-reports.ts';

test('all of it as data, with the schema', async (t) => {
  t.match(JSON.parse(renderReportJson(machineReport())), {
    schema: 'reliable-raid/report/1',
    hostName: 'web1',
    boots: [{ image: { timeline: [{ kind: 'engine-started' }] } }, {}, { image: null, text: /no wait/ }],
    watchlist: { schema: 'reliable-raid/watchlist/1', tree: [{ label: '/' }] },
    nextBoot: { schema: 'reliable-raid/explain/1', comesUp: false, cases: [{}, { outcome: 'stops' }] },
  });
});

test('any name comes through, in printable ASCII', async () => {
  fc.assert(
    fc.property(hostileNames, (names) => {
      const text = renderReportJson(machineReport(names));
      return /^[\x20-\x7e\n]*$/.test(text) && JSON.parse(text).hostName === names.host;
    }),
    { numRuns: 60 },
  );
});
