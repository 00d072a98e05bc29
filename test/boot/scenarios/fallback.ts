// The engine killed, missing or refused: the distribution's own fallback boots the machine, and the reason is said.
import { array, rootMountedWithoutUs, sees } from '../scenario/expect.ts';
import type { InitrdChange } from '../scenario/initrd.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { engine, shortRetry, systemUp, timeForSteps, watchlist } from './words.ts';

const broken = (id: string, title: string, change: InitrdChange, reason: RegExp): Scenario => ({
  id: `B11-${id}`,
  title: `${title}: the distribution's fallback boots the machine`,
  layout: 'raid1-ext4',
  absent: ['disk2'],
  initrd: [change],
  kernelArguments: [timeForSteps, shortRetry],
  ends: 'system',
  limit: 280,
  expect: [...systemUp(/^\/dev\/md/), array('md0', { degraded: 1 }), sees(reason), rootMountedWithoutUs],
});

export const fallback: readonly Scenario[] = [
  broken('killed', 'engine killed', { runEarly: killer() }, /reliable-raid: .*killed by signal 9/),
  broken('missing', 'engine missing', { remove: engine }, /reliable-raid: .*missing or cannot be run/),
  broken(
    'truncated',
    'watchlist truncated',
    { edit: watchlist, to: (content) => content.slice(0, content.length / 2) },
    /reliable-raid: .*watchlist/,
  ),
  broken(
    'newer',
    'watchlist of a newer version',
    {
      edit: watchlist,
      to: (content) => content.replace('reliable-raid/watchlist/1', 'reliable-raid/watchlist/2'),
    },
    /reliable-raid: .*watchlist\.json: schema: version 2/,
  ),
];

/** The deadline is far: the engine is killed before it has done anything, on a busy host too. */
function killer(): string {
  const runs = 'until [ -s /run/reliable-raid/engine.pid ]; do sleep 0.5; done; sleep 2';
  const kill = `read -r pid </run/reliable-raid/engine.pid; case $(readlink /proc/$pid/exe) in /${engine}) kill -9 $pid ;; esac`;
  return `(${runs}; ${kill}) >/dev/null 2>&1 </dev/null &`;
}
