import { quickjsMachine } from '../../src/adapters/quickjs/machine.ts';
import { runProgram } from '../../src/adapters/quickjs/run-program.ts';
import { adapterProgram } from './adapter-program.ts';

runProgram((words, output) => adapterProgram(words, quickjsMachine, output));
