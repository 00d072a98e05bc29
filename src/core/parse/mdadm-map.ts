import { type MdUuid, parseMdUuid } from '../md/md-uuid.ts';

/**
 * Reads mdadm's map of the arrays it has assembled (`/run/mdadm/map`: `md0 1.2 UUID path` a line): UUID by kernel name.
 * It writes the UUIDs of 1.x as host-order words, so that each has its bytes turned round (F10).
 * Containers and their volumes are left out.
 */
export function parseMdadmMap(text: string): ReadonlyMap<string, MdUuid> {
  const arrays = new Map<string, MdUuid>();
  for (const line of text.split('\n')) {
    const [device = '', metadata = '', words = ''] = line.split(' ');
    if (!/^md[A-Za-z0-9_]+$/.test(device) || !/^(0\.9|1\.)/.test(metadata)) continue;
    const uuid = parseMdUuid(metadata.startsWith('1.') ? words.split(':').map(turnRound).join(':') : words);
    if (uuid.ok) arrays.set(device, uuid.value);
  }
  return arrays;
}

const turnRound = (word: string): string => word.replace(/^(..)(..)(..)(..)$/, '$4$3$2$1');
