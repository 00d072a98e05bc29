import type { Machine } from '../machine.ts';

export type Argv = readonly [string, ...string[]];

/**
 * How a program of others is started: from reliable-raid-notify.service in a unit of its own, since a mail program may be setgid, become its own
 * user, write wherever it likes, and deliver when we are gone; nothing of that is allowed to us. From anywhere else as it is.
 */
export async function outsideTheUnit(
  { files, paths }: Pick<Machine, 'files' | 'paths'>,
  limitMs: number,
): Promise<(argv: Argv) => Argv> {
  const cgroup = (await files.readText(`${paths.proc}/self/cgroup`)) ?? '';
  if (!/\/reliable-raid-notify\.service$/m.test(cgroup)) return (argv) => argv;
  return (argv) => [
    ...(['systemd-run', '--quiet', '--collect', '--wait', '--pipe', '--no-ask-password'] as const),
    `--description=Notice of reliable-raid by ${argv[0]}`,
    ...['--property=Type=exec', '--property=KillMode=process'],
    `--property=RuntimeMaxSec=${Math.ceil(limitMs / 1000)}`,
    ...['--', ...argv],
  ];
}
