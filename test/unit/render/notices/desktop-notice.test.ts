import { test } from 'tap';
import { desktopNotice, NOTIFICATION_CALL } from '../../../../src/core/render/notices/desktop-notice.ts';

test('the body is markup there, and stays text; what is urgent stays on the screen', async (t) => {
  const body = 'a <b>& <a href="x">\n\n';
  t.same(desktopNotice({ subject: 's', body, urgency: 'urgent' }), [
    ...['reliable-raid', '0', 'drive-harddisk', 's', 'a &lt;b&gt;&amp; &lt;a href="x"&gt;'],
    ...['0', '1', 'urgency', 'y', '2', '0'],
  ]);
  t.same(desktopNotice({ subject: 's', body, urgency: 'good' }).slice(-2), ['1', '-1']);
  t.equal(desktopNotice({ subject: 's', body: 'a\n  b\nc\n', urgency: 'good' })[4], 'a b\nc');
  t.equal(NOTIFICATION_CALL.at(-1), 'susssasa{sv}i');
});
