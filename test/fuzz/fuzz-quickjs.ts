// The same cases on the boot engine's QuickJS. Words: the corpus as a JSON file, how many cases, the seed. Prints the faults as JSON.
import { quickjsMachine } from '../../src/adapters/quickjs/machine.ts';
import { runProgram } from '../../src/adapters/quickjs/run-program.ts';
import type { Corpus } from './corpus.ts';
import { fuzz, targetsOf } from './fuzz.ts';

runProgram(async ([path = '', cases = '0', seed = '0'], { out }) => {
  const text = await quickjsMachine().files.readText(path, 16 * 1024 * 1024);
  const corpus = JSON.parse(text ?? '{}') as Corpus;
  out(JSON.stringify(fuzz(targetsOf(corpus), Number(cases), Number(seed))));
  return 0;
});
