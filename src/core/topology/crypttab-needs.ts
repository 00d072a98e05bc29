import type { FstabEntry } from '../parse/fstab.ts';
import { escapeForConsole } from '../text/escape-console.ts';
import type { BlockGraph } from './block-graph.ts';
import type { BootMount, RootFacts } from './boot-mounts.ts';
import { parseSourceSpec } from './source-spec.ts';

/** What mappings need besides what they lie on. */
export interface CrypttabNeeds {
  /** Devices with keys and headers, to be followed like mounts. */
  readonly mounts: readonly BootMount[];
  /** Safe for a console. */
  readonly warnings: readonly string[];
  /** Something is needed that cannot be told from here. */
  readonly isUnfollowed: boolean;
}

/** Keyscripts of cryptsetup-initramfs that need no device: they ask a person, a card, or use what their hooks put into the image. */
const WITHOUT_DEVICE = new Set([
  'askpass',
  'decrypt_gnupg',
  'decrypt_gnupg-sc',
  'decrypt_keyctl',
  'decrypt_opensc',
  'decrypt_ssl',
]);

/**
 * Keys and headers on devices of their own, for the mappings that the boot needs: as crypttab(5), and as the keyscripts passdev
 * (`DEVICE:PATH[:TIMEOUT]`) and decrypt_derived (another mapping) read it. Plain files are in the image already; with an unknown
 * keyscript the mount that a key file is on is followed, and what else it needs is not known.
 */
export function crypttabNeeds(
  { crypttab: entries, crypttabAt, fstab }: Pick<RootFacts, 'crypttab' | 'crypttabAt' | 'fstab'>,
  reached: ReadonlySet<string>,
  graph: BlockGraph,
): CrypttabNeeds {
  const needed = new Set(
    [...reached].flatMap((id) => (graph.get(id)?.kind === 'crypt' ? [graph.get(id)?.name] : [])),
  );
  const mounts: BootMount[] = [];
  const warnings: string[] = [];
  for (const { target, line, keyFile, options } of entries.filter((entry) => needed.has(entry.target))) {
    const at = `${crypttabAt}:${line}`;
    const follow = (what: 'key' | 'header', source: string): void => {
      mounts.push({
        name: `crypttab ${target} ${what}`,
        sources: [{ spec: parseSourceSpec(source), at }],
        opens: null,
      });
    };
    const header = optionValue(options, 'header');
    if (header !== null && isDevice(header)) follow('header', header);
    const script = optionValue(options, 'keyscript');
    const device = keyDevice(keyFile, script?.replace(/^.*\//, '') ?? null, fstab);
    if (device !== null) follow('key', device);
    if (script !== null && !isKnown(script))
      warnings.push(
        `${escapeForConsole(target)} (${at}): what its keyscript ${escapeForConsole(script)} needs is not known; arrays that are not listed are looked after as well before it runs`,
      );
  }
  return { mounts, warnings, isUnfollowed: warnings.length > 0 };
}

function keyDevice(key: string, script: string | null, fstab: readonly FstabEntry[]): string | null {
  if (script === 'passdev') return key.replace(/:.*$/s, '');
  if (script === 'decrypt_derived') return `/dev/mapper/${key}`;
  if (script !== null && WITHOUT_DEVICE.has(script)) return null;
  // systemd's form, a file on a stick; a random key is on no device.
  const [, onStick] = /^\/[^:]*:((?:\/|UUID=|LABEL=|PARTUUID=|PARTLABEL=).*)$/.exec(key) ?? [];
  if (onStick !== undefined && !isDevice(key)) return onStick;
  if (isDevice(key))
    return /^\/dev\/u?random$/.test(key) ? null : key.replace(/(?<=^\/dev\/[^:]*):\/.*$/s, '');
  return script === null ? null : mountBelow(key, fstab);
}

/** What fstab mounts where that file is; root itself is not there yet. */
function mountBelow(path: string, fstab: readonly FstabEntry[]): string | null {
  const holders = fstab.filter(
    ({ mountPoint }) => mountPoint !== '/' && path.startsWith(`${mountPoint.replace(/\/$/, '')}/`),
  );
  const [nearest] = [...holders].sort((a, b) => b.mountPoint.length - a.mountPoint.length);
  return nearest?.source ?? null;
}

const isKnown = (script: string): boolean => {
  const name = script.replace(/^.*\//, '');
  return name === 'passdev' || name === 'decrypt_derived' || WITHOUT_DEVICE.has(name);
};

const optionValue = (options: readonly string[], name: string): string | null =>
  options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;

const isDevice = (place: string): boolean => /^(\/dev\/|(UUID|LABEL|PARTUUID|PARTLABEL)=)/.test(place);
