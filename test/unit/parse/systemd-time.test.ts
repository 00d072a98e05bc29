import t from 'tap';
import { deviceTimeout, timeoutMs } from '../../../src/core/parse/systemd-time.ts';

t.test('a span of time, as a time-out', async (t) => {
  const table: readonly (readonly [text: string, ms: number | null])[] = [
    ['90', 90_000],
    ['1min 30s', 90_000],
    ['1.5 h', 5_400_000],
    ['20ms', 20],
    ['0', Number.POSITIVE_INFINITY],
    ['infinity', Number.POSITIVE_INFINITY],
    ['', null],
    ['soon', null],
    ['5 weeks', null],
    ['-5', null],
  ];
  for (const [text, ms] of table) t.equal(timeoutMs(text), ms, text);
});

t.test('the option of fstab and crypttab: the last one counts', async (t) => {
  t.equal(deviceTimeout(['luks', 'x-systemd.device-timeout=5', 'x-systemd.device-timeout=7']), '7');
  t.equal(deviceTimeout(['x-systemd.device-timeout']), null);
});
