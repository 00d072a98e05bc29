import fc from 'fast-check';
import { test } from 'tap';
import type { ChannelSettings } from '../../../../src/app/notices/channel-settings.ts';
import { channelsOf, PROGRAM_EVENTS } from '../../../../src/app/notices/channels.ts';
import { type DueEvent, PASSING_KINDS, STANDING_KINDS } from '../../../../src/core/notices/event.ts';
import { renderMessage } from '../../../../src/core/render/notices/message-text.ts';
import type { NoticeWays } from '../../../../src/ports/notice-ways.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';
import { fault } from '../../../support/notice-events.ts';
import { ROOT } from '../../../support/status-machines.ts';

const HOSTILE: DueEvent = {
  how: 'new',
  event: fault('member-failed' as 'degraded', {
    array: { uuid: ROOT, device: 'md0', name: 'r\nBcc: all@example.org\x1b[2J' },
    disks: ['/dev/sdb1, \u009bWDC\r\nX: y', '/dev/sdc'],
    detail: '$(reboot)\nMESSAGE_ID=forged',
  }),
};

async function sent(
  settings: Partial<ChannelSettings>,
  events = [HOSTILE],
  isTest = false,
  status = 0,
  mdmonitorMails = false,
) {
  const calls: string[][] = [];
  const ways: NoticeWays = {
    feed: async (argv, input) => {
      calls.push([...argv, input]);
      return null;
    },
    post: async (url, headers, body) => {
      calls.push([url, JSON.stringify(headers), body]);
      return null;
    },
    sendMail: async (server, mail) => {
      calls.push([JSON.stringify(server), JSON.stringify(mail)]);
      return null;
    },
    beep: async (device, toneCount) => {
      calls.push([device, String(toneCount)]);
      return null;
    },
  };
  const runner = answeringRunner(() => ({ status }));
  const clock = { nowMs: () => 0, after: () => () => undefined };
  const machine = { ...idleMachine(clock, new MemoryFiles()), runner };
  const off = { journal: false, wall: false, motd: false, desktop: false, beep: false };
  const answers: (string | null)[] = [];
  const channels = channelsOf(machine, ways, {
    ...{ settings: { ...off, ...settings }, hostName: 'box', mdmonitorMails },
    desktops: [{ uid: 1000, name: 'ann', bus: '/run/user/1000/bus' }],
    outside: (argv) => argv,
  });
  for (const channel of channels)
    answers.push(await channel.send({ message: renderMessage(events, 'box', isTest), events, isTest }));
  return { names: channels.map(({ name }) => name), calls, runs: runner.calls, answers };
}

test('only what is configured is there', async (t) => {
  t.same((await sent({})).names, []);
  t.same(
    (await sent({ journal: true, wall: true, mail_to: ['root'], program: '/p', url: 'https://h/t' })).names,
    [...['journal', 'wall', 'sendmail', 'program', 'url']],
  );
  const smtp = { host: 'h', port: 25, security: 'none' } as const;
  t.same((await sent({ mail_to: ['root'], smtp })).names, ['smtp']);
  t.same((await sent({ smtp })).names, [], 'nobody to write to');
});

test('a desktop gets the notice as its user, the body as plain text in its markup', async (t) => {
  const { names, runs } = await sent({ desktop: true }, [
    { ...HOSTILE, event: { ...HOSTILE.event, detail: '', array: null, disks: ['<b>&'] } },
  ]);
  t.same(names, ['desktop']);
  t.match(runs[0], /^runuser -u ann -- busctl --address=unix:path=\/run\/user\/1000\/bus /);
  t.match(runs[0], '&lt;b&gt;&amp;');
  t.notMatch(runs[0], '<b>');
});

test('a speaker says how urgent it is', async (t) => {
  const speaker = '/dev/input/by-path/platform-pcspkr-event-spkr';
  t.same((await sent({ beep: true })).calls, [[speaker, '3']]);
  t.same((await sent({ beep: true }, [{ ...HOSTILE, how: 'healed' }])).calls, [[speaker, '1']]);
});

test('no text from a disk adds a header, a field, or a control character', async (t) => {
  const { calls } = await sent({ journal: true, wall: true, mail_to: ['root'], url: 'https://h/t' });
  for (const call of calls) t.match(call.join('\n'), /^[\n\x20-\x7e]*$/);
  const mail = calls.find(([program]) => program === 'sendmail')?.at(-1) ?? '';
  const [head = '', body] = mail.split('\n\n');
  t.same(
    head.split('\n').map((line) => line.split(':')[0]),
    ['From', 'To', 'Subject', 'Auto-Submitted', 'X-Priority', 'Importance', 'MIME-Version', 'Content-Type'],
  );
  t.match(body, /^Md has failed a disk/);
  const entry = calls.find(([program]) => program === 'logger')?.at(-1) ?? '';
  t.equal(entry.split('\n').filter((line) => line.startsWith('MESSAGE_ID=')).length, 1);
});

test("a program gets mdadm's words for what mdadm knows", async (t) => {
  t.same((await sent({ program: '/p' })).runs, ['/p Fail /dev/md0 /dev/sdb1']);
  t.same((await sent({ program: '/p' }, [{ ...HOSTILE, how: 'healed' }])).runs, [
    '/p HealedFail /dev/md0 /dev/sdb1',
  ]);
  const machine = { ...HOSTILE, event: fault('image-outdated', { array: null, disks: [] }) };
  t.same((await sent({ program: '/p' }, [machine])).runs, ['/p ImageOutdated /dev/md']);
  t.match((await sent({ program: '/p' }, [HOSTILE], false, 3)).answers, [/failed with status 3/]);
  t.equal(PROGRAM_EVENTS.degraded, 'DegradedArray');
});

test('a test is told as one', async (t) => {
  const { calls, runs } = await sent({ journal: true, wall: true, program: '/p' }, [HOSTILE], true);
  t.same(runs, ['/p TestMessage /dev/md0 /dev/sdb1']);
  t.match(calls[0]?.at(-1), /^MESSAGE=TEST, nothing is wrong: /);
  t.match(calls[0]?.at(-1), /\nPRIORITY=5\n/);
  t.match(calls[1]?.at(-1), /^reliable-raid: TEST: box: /);
});

test('whatever disks and arrays are called, every channel gets plain text and its own form', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 120 }),
    fc.constantFrom(
      ...['a\nBcc: b@c', '\x1b]0;x\x07', '\u009b2J', '$(reboot)', '\nMESSAGE_ID=1', '\r\n.\r\n'],
    ),
  );
  const dues = fc.array(
    fc.record({
      how: fc.constantFrom('new', 'again', 'healed'),
      event: fc.record({
        kind: fc.constantFrom(...STANDING_KINDS, ...PASSING_KINDS),
        key: text,
        array: fc.option(fc.record({ uuid: fc.constant(ROOT), name: text, device: fc.option(text) })),
        disks: fc.array(text, { maxLength: 6 }),
        detail: text,
      }),
    }),
    { minLength: 1, maxLength: 4 },
  ) as fc.Arbitrary<DueEvent[]>;
  const all = { ...{ journal: true, wall: true, mail_to: ['me'], program: '/p', url: 'https://h/t' } };
  const smtp = { host: 'h', port: 25, security: 'none' } as const;
  await fc.assert(
    fc.asyncProperty(dues, async (events) => {
      const one = await sent(all, events);
      const other = await sent({ mail_to: ['me'], smtp }, events);
      const mail = one.calls.find(([program]) => program === 'sendmail')?.at(-1) ?? '';
      const heads = (mail.split('\n\n')[0] ?? '').split('\n').map((line) => line.split(':')[0]);
      const [, smtpMail = '{}'] = other.calls[0] ?? [];
      return (
        [...one.calls, ...other.calls].every((call) => /^[\n\x20-\x7e]*$/.test(call.join('\n'))) &&
        heads.every((head) =>
          /^(From|To|Subject|Auto-Submitted|X-Priority|Importance|MIME-Version|Content-Type)$/.test(
            head ?? '',
          ),
        ) &&
        !(JSON.parse(smtpMail) as { subject: string }).subject.includes('\n') &&
        one.runs.every((run) => /^\/p [A-Za-z]+ \/dev\/md[\w!-]*( \/dev\/[\w!-]+)?$/.test(run)) &&
        one.calls
          .filter(([program]) => program === 'logger')
          .every(
            (call) =>
              (call.at(-1) ?? '').split('\n').filter((line) => /^MESSAGE_ID=/.test(line)).length === 1,
          )
      );
    }),
    { numRuns: 200 },
  );
});
