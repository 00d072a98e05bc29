import { type Machine, REAL_PATHS } from '../../app/machine.ts';
import { NO_SPLASH } from '../../ports/splash.ts';
import { NodeClock } from './clock.ts';
import { NodeConsoles } from './consoles.ts';
import { NodeDeviceEvents } from './device-events.ts';
import { NodeFiles } from './files.ts';
import { NodeOperator } from './operator.ts';
import { NodeRunner } from './runner.ts';

/** This machine, through Node. */
export function nodeMachine(): Machine {
  const runner = new NodeRunner();
  const files = new NodeFiles();
  return {
    runner,
    files,
    clock: new NodeClock(),
    deviceEvents: new NodeDeviceEvents(),
    consoles: new NodeConsoles(),
    // The boot engine runs before the system and while it holds; this program never does.
    splash: NO_SPLASH,
    operator: new NodeOperator(),
    paths: REAL_PATHS,
  };
}
