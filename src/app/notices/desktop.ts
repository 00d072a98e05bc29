import {
  type DesktopUser,
  parseDesktopUsers,
  parseSessionList,
  SESSION_PROPERTIES,
} from '../../core/parse/login-sessions.ts';
import { desktopNotice, NOTIFICATION_CALL } from '../../core/render/notices/desktop-notice.ts';
import type { Message } from '../../core/render/notices/message-text.ts';
import type { Runner, RunResult } from '../../ports/runner.ts';
import type { Machine } from '../machine.ts';
import { whyItFailed } from '../why-it-failed.ts';
import type { Argv } from './outside-the-unit.ts';

const LOGINCTL_MS = 5000;
/** What the bus of a session may take for its answer; less than the channel as a whole. */
const ANSWER_S = 10;

/** A graphical session that can be told something. */
export interface Desktop extends DesktopUser {
  readonly bus: string;
}

/** Whose desktops are open now, as logind knows them. None where there is no logind. */
export async function openDesktops({
  runner,
  files,
  paths,
}: Pick<Machine, 'runner' | 'files' | 'paths'>): Promise<readonly Desktop[]> {
  const options = { timeoutMs: LOGINCTL_MS };
  const list = await runner.run(['loginctl', '--no-legend', '--no-pager', 'list-sessions'], options);
  const sessions = list.status === 0 ? parseSessionList(list.stdout) : [];
  if (sessions.length === 0) return [];
  const asked = SESSION_PROPERTIES.map((name) => `--property=${name}`);
  // A session that has ended since makes the status 1; the others are described all the same.
  const shown = await runner.run(['loginctl', '--no-pager', 'show-session', ...asked, ...sessions], options);
  const desktops: Desktop[] = [];
  for (const user of parseDesktopUsers(shown.stdout)) {
    const bus = `${paths.run}/user/${user.uid}/bus`;
    if (await files.exists(bus)) desktops.push({ ...user, bus });
  }
  return desktops;
}

/** What became of a notice on one desktop. `nobody`: its session has no program that shows notices. */
type Shown = 'shown' | 'nobody' | { readonly why: string };

export interface ToDesktops {
  readonly outside: (argv: Argv) => Argv;
  readonly timeoutMs: number;
  /** A test also says where nothing would ever be seen. */
  readonly isTest: boolean;
}

/** Shows a message on every desktop at once, as the user whose it is. Why none of them has it, or null: a second try would show it twice to the others. */
export async function toDesktops(
  runner: Runner,
  desktops: readonly Desktop[],
  message: Message,
  { outside, timeoutMs, isTest }: ToDesktops,
): Promise<string | null> {
  const shown = await Promise.all(
    desktops.map(async ({ name, bus }): Promise<Shown> => {
      const call = [...NOTIFICATION_CALL, ...desktopNotice(message)];
      const address = `--address=unix:path=${bus}`;
      const argv = outside([
        ...(['runuser', '-u', name, '--'] as const),
        ...['busctl', address, `--timeout=${ANSWER_S}`, '--quiet', '--', 'call', ...call],
      ]);
      return shownOf(await runner.run(argv, { timeoutMs }), name);
    }),
  );
  if (shown.includes('shown')) return null;
  const failed = shown.find((one) => typeof one === 'object');
  if (failed !== undefined) return failed.why;
  return isTest ? 'no open session has a program that shows notices' : null;
}

function shownOf(run: RunResult, name: string): Shown {
  if (run.status === 0) return 'shown';
  if (/ServiceUnknown|was not provided by any \.service files|name is not activatable/i.test(run.stderr))
    return 'nobody';
  return { why: `on the desktop of ${name}: busctl ${whyItFailed(run)}` };
}
