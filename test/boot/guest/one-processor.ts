// A user-mode kernel hands over to a process of its own at each system call of its guest: between two processors of the host that is dear.
// Two random machines, one after the other on a host with two: 44 s, and 30 s on one of them.
import { type ChildProcess, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** The process and all that it starts run on that processor which the fewest of such processes have, of anybody's. */
export function keepOnOneProcessor({ pid }: ChildProcess): void {
  const allowed = processorsOf('self');
  if (pid === undefined || allowed.length < 2) return;
  const taken = readdirSync('/proc').flatMap((name) => (isKernel(name, pid) ? [processorsOf(name)] : []));
  const busyness = (processor: number): number =>
    taken.filter((those) => those.length === 1 && those[0] === processor).length;
  const [calmest] = [...allowed].sort((one, other) => busyness(one) - busyness(other));
  const command = ['--all-tasks', '--cpu-list', '--pid', String(calmest), String(pid)];
  try {
    execFileSync('taskset', command, { stdio: 'ignore' });
  } catch {
    // it has ended already, or the host does not allow it: it runs where it does
  }
}

/** It leads a process group, as those do that are spawned here; what it starts does not. */
function isKernel(name: string, besides: number): boolean {
  if (!/^\d+$/.test(name) || Number(name) === besides) return false;
  const [, program, group] = /\((.*)\) \S (?:\S+) (\d+)/.exec(textOf(`/proc/${name}/stat`)) ?? [];
  return program === 'linux.uml' && group === name;
}

/** Such as 0-3,8. */
function processorsOf(process: string): readonly number[] {
  const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)/m.exec(textOf(`/proc/${process}/status`)) ?? [];
  return list.split(',').flatMap((range) => {
    const [from = Number.NaN, to = from] = range.split('-').map(Number);
    return Number.isNaN(from) ? [] : Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
