// What a kernel takes for granted of a program's file, whoever rewrote it.
import { readFileSync } from 'node:fs';
import { LOAD, segmentsOf, segmentTable } from '../../tools/build/elf.ts';

/** What is wrong with what a kernel would map of it. */
export function faultsOfMapping(path: string): readonly string[] {
  const file = readFileSync(path);
  const loads = segmentsOf(file).filter(({ kind }) => kind === LOAD);
  const faults = loads.flatMap((load, i) => {
    const { offset, address, fileBytes, memoryBytes, align } = load;
    const before = loads[i - 1];
    return [
      ...((address - offset) % align === 0
        ? []
        : ['its place in the file and its address differ by no whole page']),
      ...(offset + fileBytes <= file.length ? [] : ['it ends behind the file']),
      ...(fileBytes <= memoryBytes ? [] : ['it is larger in the file than in memory']),
      ...(before === undefined || before.address + before.memoryBytes <= address
        ? []
        : ['it overlaps the one before']),
    ].map((fault) => `segment ${i}: ${fault}`);
  });
  // Kernels before 5.18 tell a program that its table is as far from its first byte as in the file.
  const [first] = loads;
  const table = segmentTable(file);
  const isTold = loads.some(
    ({ offset, address, fileBytes }) =>
      offset <= table &&
      table < offset + fileBytes &&
      address - offset === (first?.address ?? 0) - (first?.offset ?? 0),
  );
  return isTold ? faults : [...faults, 'the table of segments is not where an old kernel says'];
}
