import { test } from 'tap';
import { timelineWords } from '../../../../src/core/render/report/timeline-words.ts';
import { reportOf } from '../../../support/kept-boots.ts';
import { SAMPLE_REPORT } from '../../../support/sample-report.ts';
import { ROOT } from '../../../support/status-machines.ts';

test('every kind of entry has words, safe for a console', async (t) => {
  const words = timelineWords(SAMPLE_REPORT);
  t.equal(words.length, SAMPLE_REPORT.timeline.length);
  for (const { text } of words) {
    t.match(text, /^[\x20-\x7e]+$/);
    t.notMatch(text, /undefined|null|\[object/);
  }
});

test('what is bad is told from what is not, with the reason', async (t) => {
  const said = (entry: Parameters<typeof reportOf>[0][number]) => timelineWords(reportOf([entry]))[0];
  t.match(said({ atMs: 1, kind: 'deadline', array: ROOT, cause: 'key', missingRoles: [1, 'journal'] }), {
    tone: 'care',
    text: 'array root is to be started degraded, missing role 1 and the journal: a key was pressed',
  });
  t.match(said({ atMs: 1, kind: 'not-startable', array: ROOT, reason: 'split-brain', missingRoles: [] }), {
    tone: 'bad',
    text: 'array root is not started: its members were each used without the other',
  });
  t.match(said({ atMs: 1, kind: 'finished', outcome: 'up' }), { tone: 'good' });
  t.match(said({ atMs: 1, kind: 'finished', outcome: 'handover' }), { tone: 'bad' });
});
