import { quickjsMachine } from '../../adapters/quickjs/machine.ts';
import { runProgram } from '../../adapters/quickjs/run-program.ts';
import { bootEngine } from './program.ts';

runProgram((words, output) => bootEngine(words, quickjsMachine, output));
