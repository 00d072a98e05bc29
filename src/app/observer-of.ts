import { isExternal, type Watchlist } from '../core/watchlist/watchlist.ts';
import type { Machine } from './machine.ts';
import { DeviceObserver, type ObservedPaths } from './read/device-observer.ts';

/** Asks mdadm about disks of containers only where a listed array is in one: others pay nothing for it. */
export const observerOf = (
  { arrays }: Watchlist,
  { files, paths, runner }: Pick<Machine, 'files' | 'runner'> & { readonly paths: ObservedPaths },
): DeviceObserver => new DeviceObserver(files, paths, arrays.some(isExternal) ? runner : null);
