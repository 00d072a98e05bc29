import { EventLoop } from '../../adapters/quickjs/event-loop.ts';
import { quickjsFiles } from '../../adapters/quickjs/files.ts';
import { runProgram } from '../../adapters/quickjs/run-program.ts';
import { REAL_PATHS } from '../../app/machine.ts';
import { bootEngineGate } from './gate.ts';

runProgram(([, ...words], output) =>
  bootEngineGate(words, () => ({ files: quickjsFiles(new EventLoop()), paths: REAL_PATHS }), output),
);
