import { test } from 'tap';
import type { Finding } from '../../../../src/core/inspect/finding.ts';
import { findingJson } from '../../../../src/core/render/commands/finding-json.ts';
import { findingLines, findingText, stageWords } from '../../../../src/core/render/commands/finding-text.ts';

const HINT = { loader: 'grub', devices: ['sdb1'] } as const;
const FINDINGS: readonly Finding[] = [
  { stage: 'loader', grade: 'stop', code: 'boot-gone', place: '/boot' },
  { stage: 'firmware', grade: 'stop', code: 'no-loader', firmware: 'efi', hint: HINT },
];

test('findings in the order of a boot, each with what to type', async (t) => {
  const lines = findingLines(FINDINGS);
  t.match(lines[0], /^ {2}STOP firmware: /);
  t.ok(lines.findIndex((line) => line.startsWith('  STOP loader: ')) > 0);
  t.ok(lines.every((line) => line.length <= 79));
  t.ok(lines.includes('        mount /dev/sdb1 /mnt'), 'a command is a line of its own');
});

test('no other line goes in as far as a command', async (t) => {
  const hint = { loader: 'grub', devices: ['sdb'] } as const;
  const lines = findingLines([
    { stage: 'firmware', grade: 'stop', code: 'no-loader', firmware: 'bios', hint },
  ]);
  t.same(
    lines.filter((line) => line.startsWith('        ')),
    ['        grub-install /dev/sdb'],
  );
});

test('facts and words for programs', async (t) => {
  const [loader, firmware] = FINDINGS.map(findingJson);
  t.match(loader, { stage: 'loader', grade: 'stop', code: 'boot-gone', text: /GRUB cannot read \/boot/ });
  t.match(firmware, { commands: ['mount /dev/sdb1 /mnt', /^grub-install /, 'umount /mnt'] });
});

test('each stage has its words', async (t) => {
  t.match(stageWords('after-root'), /emergency mode/);
  t.match(findingText({ stage: 'firmware', grade: 'unknown', code: 'no-variables' }).text, /nobody can tell/);
});
