import { test } from 'tap';
import { parseDesktopUsers, parseSessionList } from '../../../src/core/parse/login-sessions.ts';
import { survivesAnyText } from '../../support/any-text.ts';

const session = (more: Readonly<Record<string, string>> = {}): string =>
  Object.entries({ User: '1000', Name: 'ann', Type: 'wayland', Class: 'user', State: 'active', ...more })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

test('the names of sessions, whatever stands beside them', (t) => {
  t.same(parseSessionList('     2 1000 ann   seat0 tty2\n    c1  116 gdm seat0\n\n$(reboot) 0 x\n'), [
    '2',
    'c1',
  ]);
  t.end();
});

test('only graphical sessions of people that are not closing; each user once', (t) => {
  const ann = { uid: 1000, name: 'ann' };
  t.same(parseDesktopUsers(`${session()}\n\n${session({ Type: 'x11', State: 'online' })}\n`), [ann]);
  t.same(parseDesktopUsers(`${session({ User: '1001', Name: 'bob' })}\n\n${session()}`), [
    { uid: 1001, name: 'bob' },
    ann,
  ]);
  for (const more of [
    ...[{ Type: 'tty' }, { Class: 'greeter' }, { Class: 'manager' }, { State: 'closing' }],
    ...[{ User: '-1' }, { Name: '-c reboot' }, { Name: 'a b' }, { Name: '' }],
  ])
    t.same(parseDesktopUsers(session(more)), [], JSON.stringify(more));
  survivesAnyText((text) => void [parseSessionList(text), parseDesktopUsers(text)]);
  t.end();
});
