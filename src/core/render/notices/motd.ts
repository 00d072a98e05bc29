import type { NoticeEvent } from '../../notices/event.ts';
import { wrap } from '../../text/lines.ts';
import { eventWords } from './event-words.ts';

const MAX_SHOWN = 4;

/** What a login says while something is wrong; null when nothing is. */
export function renderMotd(standing: readonly NoticeEvent[]): string | null {
  if (standing.length === 0) return null;
  const lines = standing
    .slice(0, MAX_SHOWN)
    .flatMap((event) => wrap(`reliable-raid: ${eventWords({ event, how: 'new' }).what}`));
  const more = standing.length - MAX_SHOWN;
  return [...lines, ...(more > 0 ? [`... and ${more} more.`] : []), '  See: reliable-raid status', ''].join(
    '\n',
  );
}
