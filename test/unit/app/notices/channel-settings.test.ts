import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { readChannelSettings } from '../../../../src/app/notices/channel-settings.ts';
import { survivesAnyText } from '../../../support/any-text.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const read = (toml: string | null, mdadm = '', sendmail: string | null = '/usr/sbin/sendmail') =>
  readChannelSettings({
    files: new MemoryFiles({
      '/etc/mdadm/mdadm.conf': mdadm,
      ...(sendmail === null ? {} : { [sendmail]: '' }),
      ...(toml === null ? {} : { '/etc/reliable-raid/notify.toml': toml }),
    }),
    paths: REAL_PATHS,
  });
const DEFAULTS = { journal: true, wall: true, motd: true, desktop: true, beep: false };

test("without a file: the machine itself, and mdadm's address", async (t) => {
  t.same(await read(null), {
    ...{ settings: { ...DEFAULTS, mail_to: [] }, warnings: [], sharesMdmonitorsMail: false },
  });
  t.match((await read(null, 'MAILADDR ops@example.org\nMAILFROM "RAID box"\n')).settings, {
    mail_to: ['ops@example.org'],
    mail_from: 'RAID box',
  });
  t.match((await read('mail_to = ["me"]\nwall = false', 'MAILADDR root')).settings, {
    mail_to: ['me'],
    wall: false,
  });
  t.match((await read('mail_to = []', 'MAILADDR root')).settings, { mail_to: [] }, 'none is none');
});

test("mdadm's address is shared with mdmonitor, and counts only where a mail could go", async (t) => {
  for (const [toml, sendmail, mailTo, shares] of [
    [null, '/usr/sbin/sendmail', ['root'], true],
    [null, '/usr/lib/sendmail', ['root'], true],
    [null, null, [], false],
    ['[smtp]\nhost = "h"', null, ['root'], false],
    ['[smtp]\nhost = "h"', '/usr/sbin/sendmail', ['root'], true],
    ['mail_to = ["root"]', '/usr/sbin/sendmail', ['root'], false],
    ['mail_to = []', '/usr/sbin/sendmail', [], false],
  ] as const) {
    const { settings, sharesMdmonitorsMail } = await read(toml, 'MAILADDR root', sendmail);
    t.same([settings.mail_to, sharesMdmonitorsMail], [mailTo, shares], `${toml}, ${sendmail}`);
  }
});

test('a server with what it needs', async (t) => {
  t.match(
    (await read('[smtp]\nhost = "mail.example.org"\nuser = "me"\npassword_file = "/etc/pw"')).settings,
    {
      smtp: {
        host: 'mail.example.org',
        port: 587,
        security: 'starttls',
        user: 'me',
        password_file: '/etc/pw',
      },
    },
  );
});

test('what is wrong is told, and the defaults are in force', async (t) => {
  for (const [toml, why] of [
    ['wall = "yes"', /wall: /],
    ['nosuch = 1', /nosuch/],
    ['url = "file:///etc/shadow"', /http/],
    ['program = "p"', /path/],
    ['mail_to = ["a\\nBcc: b"]', /address/],
    ['mail_from = "a\\u009b"', /ASCII/],
    ['[smtp]\nhost = "h"\nport = 0', /port/],
    ['wall = [', /./],
  ] as const) {
    const { settings, warnings } = await read(toml);
    t.match(settings, DEFAULTS, toml);
    t.equal(warnings.length, 1, toml);
    t.match(warnings[0], why, toml);
    t.match(warnings[0], /^[\x20-\x7e]*$/);
  }
  t.same((await read(null, 'MAILADDR \u009b\nMAILFROM \x1b')).settings, { ...DEFAULTS, mail_to: [] });
  survivesAnyText((text) => void read(text, text));
});
