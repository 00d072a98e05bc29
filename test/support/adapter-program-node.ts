import { NodeClock } from '../../src/adapters/node/clock.ts';
import { NodeConsoles } from '../../src/adapters/node/consoles.ts';
import { NodeDeviceEvents } from '../../src/adapters/node/device-events.ts';
import { NodeFiles } from '../../src/adapters/node/files.ts';
import { NodeOperator } from '../../src/adapters/node/operator.ts';
import { NodeRunner } from '../../src/adapters/node/runner.ts';
import { NO_SPLASH } from '../../src/ports/splash.ts';
import { adapterProgram } from './adapter-program.ts';

process.exitCode = await adapterProgram(
  process.argv.slice(2),
  ({ paths, searchPath, shell }) => {
    const runner = new NodeRunner(searchPath);
    return {
      runner,
      files: new NodeFiles(),
      clock: new NodeClock(),
      operator: new NodeOperator(),
      deviceEvents: new NodeDeviceEvents(runner, searchPath),
      consoles: new NodeConsoles({ sys: paths.sys, dev: paths.dev, shell }),
      splash: NO_SPLASH,
      paths,
    };
  },
  {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
  },
);
