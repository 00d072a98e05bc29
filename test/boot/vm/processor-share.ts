// How much of the time an emulator wanted a processor of the host and got none.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

const priority = -12;

/** Times in a guest only mean something if its emulator runs when it wants to: others give way, where that is allowed. */
export function preferProcess(pid: number): void {
  try {
    setPriority(pid, priority);
    // a process group with a session of its own is weighed as a whole
    writeFileSync(`/proc/${pid}/autogroup`, `${priority}\n`);
  } catch {
    // not root: the measurement below tells whether it mattered
  }
}

/** Seconds that the busiest thread of a process has waited for a processor so far. */
export function secondsStarved(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) => {
      const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')
        .split(' ')
        .map(Number);
      return { ran, waited };
    });
    const busiest = threads.reduce((one, other) => (other.ran > one.ran ? other : one), {
      ran: 0,
      waited: 0,
    });
    return busiest.waited / 1e9;
  } catch {
    return 0;
  }
}
