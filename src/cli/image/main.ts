import { quickjsMachine } from '../../adapters/quickjs/machine.ts';
import { runProgram } from '../../adapters/quickjs/run-program.ts';
import { imageProgram } from './program.ts';

runProgram((words, output) => imageProgram(words, quickjsMachine, output));
