import { NodeClock } from '../adapters/node/clock.ts';
import { NodeConsoles } from '../adapters/node/consoles.ts';
import { NodeDeviceEvents } from '../adapters/node/device-events.ts';
import { NodeFiles } from '../adapters/node/files.ts';
import { NodeOperator } from '../adapters/node/operator.ts';
import { NodeRunner } from '../adapters/node/runner.ts';
import { type Machine, REAL_PATHS } from '../app/machine.ts';

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
    operator: new NodeOperator(),
    paths: REAL_PATHS,
  };
}
