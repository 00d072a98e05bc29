import { type MdUuid, parseMdUuid } from '../md/md-uuid.ts';

/** An array, by all that it is called. */
export interface NamedArray {
  /** Kernel name, such as `md127`; empty where it has none yet. */
  readonly device: string;
  readonly uuid: MdUuid | null;
  /** Name in the superblock, host part included. */
  readonly name: string | null;
  /** Its name under /dev/md. */
  readonly devName: string | null;
}

/** Whether a section of the configuration is called as this array is: by its UUID in any writing, or by any of its names. */
export function isCalled(key: string, array: NamedArray): boolean {
  const uuid = uuidInKey(key);
  return uuid === null ? namesOf(array).has(key.replace(/^(?:\/dev\/)?(?:md\/)?/, '')) : array.uuid === uuid;
}

/** `UUID=...` as in mdadm.conf, the name of udev's link, or the UUID alone. */
export function uuidInKey(key: string): MdUuid | null {
  const uuid = parseMdUuid(
    key.replace(/^\/dev\/disk\/by-id\//, '').replace(/^(?:(?:md_|array )?uuid=|md-uuid-)/i, ''),
  );
  return uuid.ok ? uuid.value : null;
}

/** Without /dev/ and /dev/md/. A name that is a number is shown as mdadm's node for it, `md0`. */
function namesOf({ device, name, devName }: NamedArray): ReadonlySet<string> {
  const full = [name, devName].filter((each) => each !== null && each !== '') as string[];
  const short = full.map((each) => each.replace(/^[^:]*:/, ''));
  const numbers = short.filter((each) => /^\d{1,4}$/.test(each)).map((each) => `md${each}`);
  const links = (name ?? '') === '' ? [] : [`disk/by-id/md-name-${name}`, `md-name-${name}`];
  return new Set([device, ...full, ...short, ...numbers, ...links].filter((each) => each !== ''));
}
