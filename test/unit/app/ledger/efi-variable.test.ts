import { test } from 'tap';
import {
  mountVariables,
  readVariable,
  VARIABLE_NAME,
  writeVariable,
} from '../../../../src/app/ledger/efi-variable.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { formatLedgerText, MAX_VARIABLE_TEXT } from '../../../../src/core/ledger/ledger-text.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const FOLDER = '/sys/firmware/efi/efivars';
const PATH = `${FOLDER}/${VARIABLE_NAME}`;
const ATTRIBUTES = '\x07\0\0\0';
const TEXT = formatLedgerText({ entries: [] }, MAX_VARIABLE_TEXT).text;

function machineWith(
  texts: Readonly<Record<string, string>>,
  answers: Parameters<typeof answeringRunner>[0] = () => ({}),
) {
  return { files: new MemoryFiles(texts), runner: answeringRunner(answers), paths: REAL_PATHS };
}

test('what the variable knows', async (t) => {
  const state = async (texts: Readonly<Record<string, string>>) =>
    (await readVariable(machineWith(texts))).kind;
  const other = { [`${FOLDER}/other`]: '' };
  t.equal(await state({}), 'none', 'no EFI');
  t.equal(await state({ '/sys/firmware/efi/fw': '' }), 'none', 'not mounted');
  t.equal(await state(other), 'empty');
  t.equal(await state({ [PATH]: `${ATTRIBUTES}${TEXT}` }), 'read');
  t.equal(await state({ [PATH]: `\x06\0\0\0${TEXT}` }), 'damaged', 'other attributes');
  t.equal(await state({ [PATH]: `${ATTRIBUTES}${TEXT.slice(0, -3)}` }), 'damaged');
  const locked = machineWith(other);
  locked.files.broken.set(PATH, { reason: 'denied', detail: 'EACCES' });
  t.match(await readVariable(locked), { kind: 'denied', why: /as root/ });
  locked.files.broken.set(PATH, { reason: 'error', detail: 'EIO' });
  t.match(await readVariable(locked), { kind: 'damaged', why: /EIO/ });
});

test('written in one piece, unlocked before, read back after', async (t) => {
  const fresh = machineWith({ [`${FOLDER}/other`]: '' });
  t.match(await writeVariable(fresh, TEXT), { ok: true });
  t.same(fresh.runner.calls, [], 'nothing to unlock');
  t.equal(fresh.files.texts.get(PATH), `${ATTRIBUTES}${TEXT}`);
  const there = machineWith({ [PATH]: 'old' });
  t.match(await writeVariable(there, TEXT), { ok: true });
  t.same(there.runner.calls, [`chattr -i ${PATH}`]);

  const locked = machineWith({ [PATH]: 'old' }, () => ({ status: 1, stderr: 'chattr: no' }));
  locked.files.broken.set(PATH, { reason: 'error', detail: 'EPERM: operation not permitted' });
  t.match(await writeVariable(locked, TEXT), { ok: false, why: /not permitted; chattr/ });
  const forgets = machineWith({ [PATH]: 'old' });
  Object.assign(forgets.files, { writeValue: async () => undefined });
  t.match(await writeVariable(forgets, TEXT), { ok: false });
});

test('mounted only where there is firmware and nobody has done it, and noted when it was us', async (t) => {
  const mark = '/run/reliable-raid/efivars';
  const cases: readonly [
    what: string,
    texts: Readonly<Record<string, string>>,
    status: number,
    calls: number,
    noted: boolean,
  ][] = [
    ['no firmware', {}, 0, 0, false],
    ['mounted already', { [`${FOLDER}/other`]: '' }, 0, 0, false],
    ['mounted by us', { '/sys/firmware/efi/fw': '' }, 0, 1, true],
    ['refused', { '/sys/firmware/efi/fw': '' }, 32, 1, false],
  ];
  for (const [what, texts, status, calls, noted] of cases) {
    const machine = machineWith(texts, () => ({ status }));
    await mountVariables(machine);
    t.equal(machine.runner.calls.length, calls, what);
    t.equal(machine.files.texts.has(mark), noted, what);
    for (const call of machine.runner.calls) t.match(call, /-o ro,/, 'read-only');
  }
});
