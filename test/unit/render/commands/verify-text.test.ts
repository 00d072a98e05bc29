import { test } from 'tap';
import type { Explanation } from '../../../../src/core/explain/explanation.ts';
import type { Finding } from '../../../../src/core/inspect/finding.ts';
import {
  renderVerification,
  renderVerificationJson,
} from '../../../../src/core/render/commands/verify-text.ts';

const explanationOf = (findings: readonly Finding[]): Explanation => ({
  forecasts: [
    {
      ...{ taken: [], outcome: 'up', rootAfterMs: 0, endAfterMs: 0, stopsAtLayer: null, mounts: [] },
      ...{ passphrase: 'none', arrays: [], findings },
    },
  ],
  disks: new Map(),
  failurePath: { kind: 'shell' },
});
const BOOT_GONE: Finding = { stage: 'loader', grade: 'stop', code: 'boot-gone', place: '/boot' };

test('each stage has its line, and the end says what it comes to', async (t) => {
  const good = renderVerification(explanationOf([]));
  t.match(good, /^ {2}firmware: ok\.\n {2}loader: ok\.\n/);
  t.match(good, /\n {2}arrays: root comes up/);
  t.match(good, /\nEverything is in place for the next boot\.$/);
  const bad = renderVerification(explanationOf([BOOT_GONE]));
  t.match(bad, /\n {2}STOP loader: GRUB cannot read \/boot/);
  t.notMatch(bad, 'Everything is in place');
  t.ok(bad.split('\n').every((line) => line.length <= 79));
});

test('the same for programs', async (t) => {
  t.match(JSON.parse(renderVerificationJson(explanationOf([]))), {
    schema: 'reliable-raid/verify/1',
    ok: true,
  });
  const bad = JSON.parse(renderVerificationJson(explanationOf([BOOT_GONE])));
  t.match(bad, {
    ok: false,
    stages: [
      { stage: 'firmware', verdict: 'goes-on' },
      { stage: 'loader', verdict: 'stops' },
    ],
  });
});

test('a boot loader that nobody looked into is not fine', async (t) => {
  const unread: Finding = { stage: 'firmware', grade: 'unknown', code: 'unread', devices: ['sda'] };
  t.match(renderVerification(explanationOf([unread])), /\n {2}loader: not known/);
});
