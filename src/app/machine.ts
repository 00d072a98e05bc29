import type { Clock } from '../ports/clock.ts';
import type { Consoles } from '../ports/consoles.ts';
import type { DeviceEvents } from '../ports/device-events.ts';
import type { Files } from '../ports/files.ts';
import type { Operator } from '../ports/operator.ts';
import type { Runner } from '../ports/runner.ts';
import type { Splash } from '../ports/splash.ts';

/** Where the kernel's and the system's folders are; other places only in tests. */
export interface MachinePaths {
  readonly sys: string;
  readonly dev: string;
  readonly run: string;
  readonly proc: string;
  readonly etc: string;
  readonly varLib: string;
}

export const REAL_PATHS: MachinePaths = {
  sys: '/sys',
  dev: '/dev',
  run: '/run',
  proc: '/proc',
  etc: '/etc',
  varLib: '/var/lib',
};

/** Every port on the machine that the boot needs. */
export interface Machine {
  readonly runner: Runner;
  readonly files: Files;
  readonly clock: Clock;
  readonly deviceEvents: DeviceEvents;
  readonly consoles: Consoles;
  readonly splash: Splash;
  readonly operator: Operator;
  readonly paths: MachinePaths;
}

export type FactSources = Pick<Machine, 'runner' | 'files' | 'paths'>;
