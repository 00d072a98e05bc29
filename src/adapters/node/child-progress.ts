import { readFileSync } from 'node:fs';

/** Looks at a child this often within the time after which it hangs. */
const LOOKS = 5;
const MAX_PROCESSES = 1024;

/**
 * Calls `hangs` once a program and its children have neither used the processor nor waited for a disk for `afterMs`. Returns what
 * ends the watch. Where /proc does not tell, it never calls.
 */
export function watchProgress(pid: number | undefined, afterMs: number, hangs: () => void): () => void {
  if (pid === undefined) return () => undefined;
  let before = '';
  let idle = 0;
  const timer = setInterval(() => {
    const now = workOf(pid);
    idle = now !== null && now === before ? idle + 1 : 0;
    before = now ?? '';
    if (idle < LOOKS) return;
    clearInterval(timer);
    hangs();
  }, afterMs / LOOKS);
  return () => clearInterval(timer);
}

/**
 * The processor time of a process and all below it, in ticks (proc_pid_stat(5)); null while one of them works or waits for a disk, or
 * where nobody tells. A process that has ended changes it as well.
 */
function workOf(pid: number): string | null {
  const ticks: string[] = [];
  const left = [pid];
  for (let next = left.pop(); next !== undefined && ticks.length < MAX_PROCESSES; next = left.pop()) {
    const stat = read(`/proc/${next}/stat`);
    // The name, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'D' || fields[0] === 'R' || (stat === '' && next === pid)) return null;
    ticks.push(`${next}:${fields[11]}:${fields[12]}`);
    left.push(...read(`/proc/${next}/task/${next}/children`).split(' ').filter(Boolean).map(Number));
  }
  return ticks.join(' ');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
