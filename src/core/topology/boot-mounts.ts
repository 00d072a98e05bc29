import { type CrypttabEntry, opensInInitramfs } from '../parse/crypttab.ts';
import type { FstabEntry } from '../parse/fstab.ts';
import { type KernelParameter, lastValue } from '../parse/kernel-cmdline.ts';
import type { Mount } from '../parse/mountinfo.ts';
import type { ActiveSwap } from '../parse/proc-swaps.ts';
import { escapeForConsole } from '../text/escape-console.ts';
import { parseKernelRoot, parseSourceSpec, type SourceSpec } from './source-spec.ts';

/** One source of a mount, and who says so. */
export interface NamedSource {
  readonly spec: SourceSpec;
  /** Such as `/etc/fstab:3`, `the kernel command line`. */
  readonly at: string;
}

/** Something that the boot image must reach before it can go on. */
export interface BootMount {
  /** Mount point, `resume`, or `crypttab NAME`. */
  readonly name: string;
  /** More than one where fstab, the kernel and what is mounted may differ. The first is the one to rely on. */
  readonly sources: readonly NamedSource[];
  /** The mapping that crypttab has the image open; null for mounts. */
  readonly opens: string | null;
}

/** What the root that is asked about says of itself. */
export interface RootFacts {
  readonly fstab: readonly FstabEntry[];
  readonly fstabAt: string;
  readonly crypttab: readonly CrypttabEntry[];
  readonly crypttabAt: string;
  /** What is mounted, with mount points as that root sees them; empty where only its fstab shall count. */
  readonly mounts: readonly Mount[];
  /** Empty where it is another system's, as in a chroot or for a root under another folder. */
  readonly cmdline: readonly KernelParameter[];
  readonly resume: {
    readonly option: string | null;
    readonly conf: string | null;
    readonly swaps: readonly ActiveSwap[];
  };
}

const FROM_KERNEL = 'the kernel command line';
export const FROM_MOUNT = 'what is mounted';

/** What the boot image mounts: `/`, `/usr`, entries with `x-initrd.mount`, the resume swap, and mappings that crypttab opens there. */
export function bootMounts(facts: RootFacts): readonly BootMount[] {
  const mounts: BootMount[] = [];
  const wanted = new Set(['/', '/usr']);
  for (const entry of facts.fstab) if (entry.options.includes('x-initrd.mount')) wanted.add(entry.mountPoint);
  for (const name of wanted) {
    const sources = mountSources(name, facts);
    if (sources.length > 0 || name === '/') mounts.push({ name, sources, opens: null });
  }
  const resume = resumeSources(facts);
  if (resume.length > 0) mounts.push({ name: 'resume', sources: resume, opens: null });
  for (const entry of facts.crypttab.filter(opensInInitramfs)) {
    const spec = parseSourceSpec(entry.source);
    const sources = [{ spec, at: `${facts.crypttabAt}:${entry.line}` }];
    mounts.push({ name: `crypttab ${entry.target}`, sources, opens: entry.target });
  }
  return mounts;
}

function mountSources(name: string, facts: RootFacts): NamedSource[] {
  const sources: NamedSource[] = [];
  const entry = fstabEntry(name, facts.fstab);
  if (entry !== null)
    sources.push({
      spec: parseSourceSpec(entry.source, entry.fsType),
      at: entry.line === null ? facts.fstabAt : `${facts.fstabAt}:${entry.line}`,
    });
  const fromKernel = name === '/' ? lastValue(facts.cmdline, 'root') : null;
  if (fromKernel !== null) {
    const fsType = lastValue(facts.cmdline, 'rootfstype') ?? '';
    sources.push({ spec: parseKernelRoot(fromKernel, fsType), at: FROM_KERNEL });
  }
  const mounted = facts.mounts.find(({ mountPoint }) => mountPoint === name);
  if (mounted) sources.push({ spec: mountedSpec(mounted), at: FROM_MOUNT });
  return sources;
}

const isBind = ({ options }: FstabEntry): boolean => options.includes('bind') || options.includes('rbind');

/** The entry that says what a mount point is on: a bind is what its source lies on, unless that is root, which is mounted anyway. */
function fstabEntry(name: string, fstab: readonly FstabEntry[]): FstabEntry | null {
  const passed = new Set<string>();
  for (let place: string | undefined = name; place !== undefined; ) {
    const here: string = place;
    passed.add(here);
    const own = fstab.filter(({ mountPoint }) => mountPoint === here);
    const entry = own.find((one) => !isBind(one));
    if (entry !== undefined) return entry;
    const [bind] = own;
    if (bind === undefined) return null;
    // A bind onto itself is passed as well.
    place = fstab
      .map(({ mountPoint }) => mountPoint)
      .filter((point) => point !== '/' && !passed.has(point) && isBelow(bind.source, point))
      .sort((a, b) => b.length - a.length)[0];
  }
  return null;
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** A mount's own device number counts; btrfs and others have none and tell one of their devices by path. */
function mountedSpec({ device, source, fsType }: Mount): SourceSpec {
  if (!device.startsWith('0:')) return { kind: 'number', majorMinor: device };
  const spec = parseSourceSpec(source, fsType);
  return spec.kind === 'not-understood'
    ? { kind: 'elsewhere', why: `"${escapeForConsole(source)}" is on no block device` }
    : spec;
}

/** The kernel's word wins at boot; an option is for a boot image whose settings are known from elsewhere. */
function resumeSources({ resume, cmdline }: RootFacts): NamedSource[] {
  if (cmdline.some(({ name }) => name === 'noresume')) return [];
  const said: readonly (readonly [string | null, string])[] = [
    [lastValue(cmdline, 'resume'), FROM_KERNEL],
    [resume.option, '--resume'],
  ];
  const sources = said.flatMap(([value, at]) => (value ? [{ spec: parseSourceSpec(value), at }] : []));
  if (sources.length > 0) return sources;
  if (resume.conf === 'none') return [];
  if (resume.conf !== null && resume.conf !== '' && resume.conf !== 'auto')
    return [{ spec: parseSourceSpec(resume.conf), at: 'RESUME=' }];
  return largestSwap(resume.swaps);
}

/** What the generator takes where nothing names one: the largest swap device in use; neither memory nor a file. */
function largestSwap(swaps: readonly ActiveSwap[]): NamedSource[] {
  const devices = swaps.filter(({ path, type }) => type === 'partition' && !/^\/dev\/(zram|ram)/.test(path));
  const [largest] = [...devices].sort((a, b) => b.sizeKib - a.sizeKib);
  return largest ? [{ spec: parseSourceSpec(largest.path), at: 'the largest swap in use' }] : [];
}
