import type { AfterRootFinding, LaterArrayFinding } from '../../inspect/after-root.ts';
import type { FileLine } from '../../inspect/mount-demands.ts';
import { levelName } from '../../md/levels.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { listWords } from '../../text/lines.ts';
import type { WatchedArray } from '../../watchlist/watchlist.ts';
import { arrayLabel } from '../labels.ts';
import { type FindingText, said } from './finding-words.ts';

/** What is gone after root, and the line that makes the boot go on without it. */
export function afterRootText(finding: AfterRootFinding): FindingText {
  if ('array' in finding) return laterArrayText(finding);
  const { code, demand, inside } = finding;
  const { kind, name, source, weight, waitMs, lost } = demand;
  const shown = escapeForConsole(name, 60);
  const what = kind === 'mapping' ? `mapping ${shown}` : kind === 'swap' ? `swap ${shown}` : shown;
  const from = kind === 'swap' ? '' : `${escapeForConsole(source, 60)}, `;
  const subject = `${what} (${from}${placeWords(demand.at)})`;
  if (code === 'lost') {
    const end = weight === 'required' ? '; if it is missing, the boot ends in emergency mode' : '';
    return said(`${subject} cannot be followed: ${lost ?? ''}${end}`);
  }
  const why = inside === null ? 'is missing' : `lies in ${escapeForConsole(inside, 60)}, which is missing`;
  const wait = waitMs === null ? null : Math.round(waitMs / 1000);
  if (weight === 'optional') return said(`${subject} ${why}`);
  const nofail = {
    remedy: `To boot without it, add nofail to its options (${placeWords(demand.at)}):`,
    commands: nofailCommands(demand.at, kind),
  };
  if (wait === null) return { text: `${subject} ${why}; systemd waits for it for ever`, ...nofail };
  if (weight === 'awaited')
    return { text: `${subject} ${why}; systemd waits ${wait} s for it and goes on`, ...nofail };
  const after = inside === null ? ` after ${wait} s` : '';
  return { text: `${subject} ${why}, and has no nofail: emergency mode${after}`, ...nofail };
}

function laterArrayText({ code, array, missingRoles }: LaterArrayFinding): FindingText {
  const subject = `array ${arrayLabel(array)} (${levelName(array.level)})`;
  const roles = `${missingRoles.length === 1 ? 'role' : 'roles'} ${listWords(missingRoles.slice(0, 6).map(String))}`;
  const missing = missingRoles.length > 6 ? `${missingRoles.length} members` : roles;
  if (code === 'not-started')
    return said(`${subject} is not started: too few members are present, or it is not safe`);
  if (code === 'degraded')
    return said(`${subject} is missing ${missing}; it starts degraded after ${array.waitMs / 1000} s`);
  const when = array.degraded === 'never' ? 'only by hand' : 'only when you say so';
  return {
    text: `${subject} is missing ${missing} and starts degraded ${when} (degraded = "${array.degraded}")`,
    remedy: 'To start it then:',
    commands: [`reliable-raid start ${shellName(array)}`],
  };
}

/** What a shell takes for one word: its name, else its UUID. */
const shellName = ({ name, uuid }: WatchedArray): string => (/^[\w.:-]+$/.test(name) ? name : uuid);

const placeWords = ({ path, line }: FileLine): string =>
  `${escapeForConsole(path, 100)}${line === null ? '' : ` line ${line}`}`;

/** Adds the option to the fourth field, or the fields that the line does not have; GNU sed. */
function nofailCommands({ path, line }: FileLine, kind: 'mount' | 'swap' | 'mapping'): readonly string[] {
  // A name that a shell or a console might take for something else is left to the person.
  if (line === null || !/^[\w./+-]+$/.test(path)) return [];
  const add = String.raw`s/^\s*(\S+\s+){3}\S+/&,nofail/`;
  const short =
    kind === 'mapping' ? String.raw`s/^\s*(\S+\s+){2}\S+/& nofail/;t;s/$/ none nofail/` : 's/$/ nofail/';
  return [`sed -Ei '${line}{${add};t;${short}}' ${path}`];
}
