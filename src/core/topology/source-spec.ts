import { escapeForConsole } from '../text/escape-console.ts';

/** The tags by which fstab, crypttab and the kernel command line name a block device. */
export type SourceTag = 'UUID' | 'LABEL' | 'PARTUUID' | 'PARTLABEL';

/** Where a mount comes from; `elsewhere` is on no block device that could be followed, with the reason. */
export type SourceSpec =
  | { readonly kind: 'tag'; readonly tag: SourceTag; readonly value: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'number'; readonly majorMinor: string }
  | { readonly kind: 'memory' }
  | { readonly kind: 'elsewhere'; readonly why: string };

const IN_MEMORY = new Set(['tmpfs', 'ramfs', 'proc', 'sysfs', 'devtmpfs', 'efivarfs']);
const ON_NETWORK = new Set([
  'nfs',
  'nfs4',
  'cifs',
  'smb3',
  '9p',
  'virtiofs',
  'ceph',
  'glusterfs',
  'fuse.sshfs',
]);
const TAGS: readonly SourceTag[] = ['UUID', 'LABEL', 'PARTUUID', 'PARTLABEL'];

/** Reads a source as written; `fsType` is empty where none is known. */
export function parseSourceSpec(source: string, fsType = ''): SourceSpec {
  const shown = escapeForConsole(source);
  if (IN_MEMORY.has(fsType)) return { kind: 'memory' };
  if (ON_NETWORK.has(fsType) || /^(\/\/|[^/=]+:\/|\/dev\/nfs$|nfs4?:|cifs:)/.test(source))
    return { kind: 'elsewhere', why: `"${shown}" is on the network` };
  if (fsType === 'zfs' || source.startsWith('ZFS=') || source.startsWith('zfs:'))
    return { kind: 'elsewhere', why: `"${shown}" is on ZFS, whose devices are not known` };
  if (fsType === 'bcachefs')
    return { kind: 'elsewhere', why: `"${shown}" is on bcachefs, whose devices cannot be followed` };
  if (fsType === 'overlay') return { kind: 'elsewhere', why: `"${shown}" is an overlay` };
  for (const tag of TAGS)
    if (source.startsWith(`${tag}=`)) return { kind: 'tag', tag, value: source.slice(tag.length + 1) };
  if (/^\d+:\d+$/.test(source)) return { kind: 'number', majorMinor: source };
  if (source.startsWith('/dev/')) return { kind: 'path', path: source };
  return { kind: 'elsewhere', why: `"${shown}" does not name a block device` };
}

/** As a person writes it in fstab. */
export function formatSourceSpec(spec: SourceSpec): string {
  if (spec.kind === 'tag') return escapeForConsole(`${spec.tag}=${spec.value}`);
  if (spec.kind === 'path') return escapeForConsole(spec.path);
  if (spec.kind === 'number') return spec.majorMinor;
  return spec.kind === 'memory' ? 'memory' : spec.why;
}
