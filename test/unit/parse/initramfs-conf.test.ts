import { test } from 'tap';
import { isConfName, lastAssignment } from '../../../src/core/parse/initramfs-conf.ts';
import { survivesAnyText } from '../../support/any-text.ts';

test('shell-style settings', async (t) => {
  const table: [string, string | null][] = [
    ['RESUME=UUID=a', 'UUID=a'],
    ['RESUME="LABEL=my swap" # x', 'LABEL=my swap'],
    ["export RESUME='none'", 'none'],
    ['RESUME=a\nRESUME=b;true', 'b'],
    ['#RESUME=a', null],
    ['RESUMED=a', null],
    ['RESUME=', ''],
    ['RESUME=/dev/a#b', '/dev/a#b'],
  ];
  for (const [text, value] of table) t.equal(lastAssignment(text, 'RESUME'), value, text);
  t.same(['resume', 'a.conf', 'x~', 'x.bak', 'x.dpkg-old', 'a b'].filter(isConfName), ['resume', 'a.conf']);
});

test('no text makes it throw', async () => survivesAnyText((text) => lastAssignment(text, 'RESUME')));
