import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'tap';
import { UdevMonitorParser } from '../../../src/core/parse/udev-monitor.ts';

const recorded = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../fixtures/recorded/udev-trixie', name), 'utf8');

test('events of an array that comes and goes, as udevadm monitor prints them', async (t) => {
  t.strictSame(
    new UdevMonitorParser().push(recorded('monitor.txt')).map(({ action, device }) => `${action} ${device}`),
    ['add md0', 'change ubdb', 'change ubdc', 'change md0', 'change md0', 'remove md0', 'change ubdb'],
  );
});

test('however the text is cut, the same events', async (t) => {
  const text = recorded('monitor.txt');
  const whole = new UdevMonitorParser().push(text);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (cuts) => {
      const parser = new UdevMonitorParser();
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      const events = places.slice(1).flatMap((end, i) => parser.push(text.slice(places[i], end)));
      t.strictSame(events, whole);
    }),
    { numRuns: 50 },
  );
});

test('any text is no error, and an endless line is not kept', async (t) => {
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(new UdevMonitorParser().push(text))));
  const parser = new UdevMonitorParser();
  for (let i = 0; i < 100; i++) parser.push('x'.repeat(10_000));
  t.strictSame(parser.push('\nACTION=add\nDEVPATH=/a/b/sda\n\n'), [{ action: 'add', device: 'sda' }]);
  t.strictSame(parser.push('DEVPATH=/devices/cciss!c0d0\n\n'), [{ action: '', device: 'cciss!c0d0' }]);
});
