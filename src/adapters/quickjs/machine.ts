import { type Machine, type MachinePaths, REAL_PATHS } from '../../app/machine.ts';
import { SHELL_SCRIPT } from '../../app/own-places.ts';
import { quickjsClock } from './clock.ts';
import { QuickjsConsoles } from './consoles.ts';
import { QuickjsDeviceEvents } from './device-events.ts';
import { EventLoop } from './event-loop.ts';
import { quickjsFiles } from './files.ts';
import { QuickjsOperator } from './operator.ts';
import { PLYMOUTH_ADDRESS } from './plymouth-protocol.ts';
import { quickjsRunner, SEARCH_PATH } from './runner.ts';
import { QuickjsSplash } from './splash.ts';

export interface MachinePlaces {
  readonly paths: MachinePaths;
  readonly searchPath: string;
  readonly shell: string;
  /** plymouthd's abstract address. */
  readonly splash?: string;
}

const REAL_PLACES: MachinePlaces = { paths: REAL_PATHS, searchPath: SEARCH_PATH, shell: SHELL_SCRIPT };

/** Every port on this machine; other places only in tests. */
export function quickjsMachine(places: MachinePlaces = REAL_PLACES): Machine {
  const { paths, searchPath, shell, splash = PLYMOUTH_ADDRESS } = places;
  const loop = new EventLoop();
  const runner = quickjsRunner(loop, searchPath);
  const files = quickjsFiles(loop);
  return {
    runner,
    files,
    clock: quickjsClock(loop),
    deviceEvents: new QuickjsDeviceEvents(loop, runner, searchPath),
    consoles: new QuickjsConsoles(loop, files, { sys: paths.sys, dev: paths.dev, shell }),
    splash: new QuickjsSplash(loop, { dev: paths.dev, address: splash }),
    operator: new QuickjsOperator(loop),
    paths,
  };
}
