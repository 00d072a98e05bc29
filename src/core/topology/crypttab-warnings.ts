import type { CrypttabEntry } from '../parse/crypttab.ts';
import { escapeForConsole } from '../text/escape-console.ts';
import type { BlockGraph } from './block-graph.ts';

/** Headers and keys of needed mappings that lie on devices of their own: these are not followed. */
export function crypttabWarnings(
  entries: readonly CrypttabEntry[],
  reached: ReadonlySet<string>,
  graph: BlockGraph,
  at = '/etc/crypttab',
): readonly string[] {
  const needed = new Set(
    [...reached].flatMap((id) => (graph.get(id)?.kind === 'crypt' ? [graph.get(id)?.name] : [])),
  );
  return entries
    .filter(({ target }) => needed.has(target))
    .flatMap(({ target, line, keyFile, options }) => {
      const header = options.find((option) => option.startsWith('header='))?.slice('header='.length);
      return [
        ...(header !== undefined && onDevice(header) ? [`its header on ${escapeForConsole(header)}`] : []),
        ...(onDevice(keyFile) ? [`its key on ${escapeForConsole(keyFile)}`] : []),
      ].map((what) => `${escapeForConsole(target)} (${at}:${line}): ${what} is not followed`);
    });
}

/** A device by path or tag, also in the `path:file` form of keys on a stick; random keys are on none. */
const onDevice = (place: string): boolean =>
  /^(\/dev\/(?!u?random$)|(UUID|LABEL|PARTUUID|PARTLABEL)=)/.test(place) ||
  /^\/[^:]*:(\/|UUID=|LABEL=)/.test(place);
