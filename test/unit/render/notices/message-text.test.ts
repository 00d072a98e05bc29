import fc from 'fast-check';
import { test } from 'tap';
import { type DueEvent, PASSING_KINDS, STANDING_KINDS } from '../../../../src/core/notices/event.ts';
import { renderMessage, urgencyOf } from '../../../../src/core/render/notices/message-text.ts';
import { fault } from '../../../support/notice-events.ts';

const KINDS = [...STANDING_KINDS, ...PASSING_KINDS];
const due = (kind: (typeof KINDS)[number], how: DueEvent['how'] = 'new'): DueEvent => ({
  how,
  event: { ...fault('degraded'), kind, key: kind },
});

test('what happened, which disk, what it means, what to do', async (t) => {
  t.same(renderMessage([due('degraded')], 'box'), {
    subject: 'box: array root (md0) lacks a disk',
    body: `Array root (md0) lacks a disk.
Disk: WDC WD40EFRX-68N, serial WD-1
Its data is all there, but is less protected, or not at all, against a further
  failure.
Attach or replace the disk: mdadm /dev/md0 --add /dev/DISK

On box; all of it: reliable-raid status
`,
    urgency: 'urgent',
  });
  t.match(renderMessage([due('degraded', 'again')], 'box'), {
    subject: 'box: still: array root (md0) lacks a disk',
  });
  t.match(renderMessage([due('degraded', 'healed')], 'box'), {
    subject: 'box: array root (md0) is complete again',
    urgency: 'good',
  });
  t.match(renderMessage([due('degraded')], 'box', true), {
    subject: /^TEST: box: /,
    body: /^This is a test: nothing is wrong\./,
  });
});

test('many events are one message of under 20 lines, the worst first', async (t) => {
  const all = KINDS.flatMap((kind) => [due(kind), due(kind, 'healed')]);
  const message = renderMessage([due('rebuild-finished'), ...all], 'box');
  t.equal(message.urgency, 'urgent');
  t.match(message.subject, new RegExp(`\\(and ${all.length} more\\)$`));
  for (const events of [all, ...all.map((one) => [one])]) {
    const { body } = renderMessage(events, 'box', true);
    t.ok(body.split('\n').length < 20, body);
    t.match(body, 'reliable-raid status');
  }
  t.equal(renderMessage([], 'box').body, '');
});

test('every event has words of its own', async (t) => {
  const texts = KINDS.map((kind) => renderMessage([due(kind)], 'box').body.split('\n')[0]);
  t.equal(new Set(texts).size, KINDS.length);
  t.equal(urgencyOf(due('image-outdated')), 'warning');
});

test('no text from a disk leaves ASCII, a line, or a header', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 });
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), text, text, text, text, (kind, name, disk, detail, host) => {
      const event = {
        ...due(kind).event,
        array: { ...due(kind).event.array, name, device: disk },
        disks: [disk, name],
        detail,
      };
      const { subject, body } = renderMessage([{ how: 'new', event: event as DueEvent['event'] }], host);
      return (
        /^[\x20-\x7e]*$/.test(subject) &&
        subject.length <= 160 &&
        /^[\n\x20-\x7e]*$/.test(body) &&
        body.split('\n').every((line) => line.length <= 79)
      );
    }),
    { numRuns: 300 },
  );
});
