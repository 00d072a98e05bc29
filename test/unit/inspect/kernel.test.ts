import { test } from 'tap';
import { judgeKernels } from '../../../src/core/inspect/kernel.ts';
import { watched } from '../../support/present-members.ts';

const kernels = (...versions: readonly string[]) =>
  versions.map((version, n) => ({ version, isDefault: n === 0 }));
const NEW = [{ array: watched(), features: ['logical-block-size'] as const }];
const judged = (versions: readonly string[], arrays: Parameters<typeof judgeKernels>[1] = NEW) =>
  judgeKernels(kernels(...versions), arrays).map(({ grade, code, kernel }) => `${grade} ${code} ${kernel}`);

test('an array of a new kernel is refused by an old one', async (t) => {
  t.same(judged(['6.19.1', '7.2']), []);
  t.same(judged(['6.18.9']), ['stop too-old 6.18.9']);
  t.same(judged(['7.2', '6.1.0-9']), ['note too-old 6.1.0-9'], 'the one for emergencies');
  t.same(judged(['custom', 'other']), ['unknown no-version custom', 'note no-version other']);
});

test('an array with a lockless bitmap is refused by an old one', async (t) => {
  const lockless = [{ array: watched(), features: ['llbitmap'] as const }];
  t.same(judged(['6.18.0'], lockless), []);
  t.same(judged(['6.17.13'], lockless), ['stop too-old 6.17.13']);
  const both = [{ array: watched(), features: ['logical-block-size', 'llbitmap'] as const }];
  t.same(judged(['6.18.2'], both), ['stop too-old 6.18.2'], 'each feature for itself');
});

test('no alarm where the array is old', async (t) => {
  t.same(judged(['5.10'], [{ array: watched(), features: [] }]), []);
  t.same(judged(['5.10'], []), []);
});
