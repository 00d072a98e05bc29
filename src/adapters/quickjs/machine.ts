import { type Machine, type MachinePaths, REAL_PATHS } from '../../app/machine.ts';
import { SHELL_SCRIPT } from '../../app/own-places.ts';
import { quickjsClock } from './clock.ts';
import { QuickjsConsoles } from './consoles.ts';
import { QuickjsDeviceEvents } from './device-events.ts';
import { EventLoop } from './event-loop.ts';
import { quickjsFiles } from './files.ts';
import { QuickjsOperator } from './operator.ts';
import { quickjsRunner, SEARCH_PATH } from './runner.ts';

export interface MachinePlaces {
  readonly paths: MachinePaths;
  readonly searchPath: string;
  readonly shell: string;
}

const REAL_PLACES: MachinePlaces = { paths: REAL_PATHS, searchPath: SEARCH_PATH, shell: SHELL_SCRIPT };

/** Every port on this machine; other places only in tests. */
export function quickjsMachine(places: MachinePlaces = REAL_PLACES): Machine {
  const { paths, searchPath, shell } = places;
  const loop = new EventLoop();
  const runner = quickjsRunner(loop, searchPath);
  const files = quickjsFiles(loop);
  return {
    runner,
    files,
    clock: quickjsClock(loop),
    deviceEvents: new QuickjsDeviceEvents(loop, runner, searchPath),
    consoles: new QuickjsConsoles(loop, files, { sys: paths.sys, dev: paths.dev, shell }),
    operator: new QuickjsOperator(loop),
    paths,
  };
}
