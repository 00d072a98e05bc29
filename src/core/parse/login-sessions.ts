/** Somebody who looks at a graphical session. */
export interface DesktopUser {
  readonly uid: number;
  readonly name: string;
}

const MAX_SESSIONS = 64;

/** The session names of `loginctl list-sessions --no-legend`. */
export const parseSessionList = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim().split(/\s+/, 1)[0] ?? '')
    .filter((name) => /^[A-Za-z0-9]{1,32}$/.test(name))
    .slice(0, MAX_SESSIONS);

/** What `loginctl show-session` is asked for. */
export const SESSION_PROPERTIES = ['User', 'Name', 'Type', 'Class', 'State'] as const;

/**
 * Whose graphical sessions `loginctl show-session` describes, each user once, since the sessions of a user share one bus. A login screen is
 * nobody's; a session that closes is over.
 */
export function parseDesktopUsers(text: string): readonly DesktopUser[] {
  const users = new Map<number, DesktopUser>();
  for (const block of text.split(/\n{2,}/)) {
    const told = new Map(
      block.split('\n').map((line) => [line.split('=', 1)[0], line.replace(/^[^=]*=/, '')]),
    );
    const [uid = '', name = ''] = [told.get('User'), told.get('Name')];
    if (!/^\d{1,10}$/.test(uid) || !/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(name)) continue;
    if (!/^(x11|wayland|mir)$/.test(told.get('Type') ?? '')) continue;
    if (!/^user(-early|-light)?$/.test(told.get('Class') ?? '')) continue;
    if (!/^(active|online)$/.test(told.get('State') ?? '')) continue;
    users.set(Number(uid), { uid: Number(uid), name });
  }
  return [...users.values()];
}
