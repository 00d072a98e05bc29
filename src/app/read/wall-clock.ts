import type { Machine } from '../machine.ts';

/** Milliseconds since 1970, from the kernel; 0 where it does not tell. The boot engine has no calendar of its own. */
export async function dateMs({ files, paths }: Pick<Machine, 'files' | 'paths'>): Promise<number> {
  const [stat, uptime] = await Promise.all([
    files.readText(`${paths.proc}/stat`),
    files.readText(`${paths.proc}/uptime`),
  ]);
  const startedAt = /^btime (\d+)$/m.exec(stat ?? '')?.[1];
  const seconds = /^(\d+(?:\.\d+)?) /.exec(uptime ?? '')?.[1];
  return startedAt === undefined || seconds === undefined
    ? 0
    : Math.round((Number(startedAt) + Number(seconds)) * 1000);
}
