import { escapeForConsole } from '../text/escape-console.ts';

/** The tags by which fstab, crypttab and the kernel command line name a block device. */
export type SourceTag = 'UUID' | 'LABEL' | 'PARTUUID' | 'PARTLABEL';

/**
 * Where a mount comes from. `elsewhere` is on no block device that could be followed, with the reason; of what is not
 * understood nobody knows what it is on.
 */
export type SourceSpec =
  | { readonly kind: 'tag'; readonly tag: SourceTag; readonly value: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'number'; readonly majorMinor: string }
  | { readonly kind: 'memory' }
  | { readonly kind: 'elsewhere'; readonly why: string }
  | { readonly kind: 'not-understood'; readonly text: string };

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
  if (fsType === 'ubifs' || fsType === 'jffs2' || /^(ubi|mtd)\d*[:_]/.test(source))
    return { kind: 'elsewhere', why: `"${shown}" is on raw flash memory` };
  const [, name = '', , value = ''] = /^([A-Z]+)=(["']?)(.+)\2$/.exec(source) ?? [];
  const tag = TAGS.find((known) => known === name);
  if (tag !== undefined) return { kind: 'tag', tag, value };
  // A tag of libmount's: a name of udev's.
  if (name === 'ID' && !value.includes('/')) return { kind: 'path', path: `/dev/disk/by-id/${value}` };
  if (/^\d+:\d+$/.test(source)) return { kind: 'number', majorMinor: source };
  if (/^\/dev(?!.*\/\.\.?(\/|$))\/[^"'\s]/.test(source)) return { kind: 'path', path: source };
  return { kind: 'not-understood', text: source };
}

/**
 * The value of `root=`, which may also be a device number in hexadecimal digits: `fe01`, as initramfs-tools' parse_numeric and
 * the kernel's name_to_dev_t read it. `fe00:1` is neither to them.
 */
export function parseKernelRoot(value: string, fsType = ''): SourceSpec {
  if (!/^[0-9A-Fa-f]{1,8}$/.test(value)) return parseSourceSpec(value, fsType);
  const number = Number.parseInt(value, 16);
  const major = Math.floor(number / 256) % 4096;
  const minor = (number % 256) + Math.floor(number / 2 ** 20) * 256;
  return { kind: 'number', majorMinor: `${major}:${minor}` };
}

/** As a person writes it in fstab. */
export function formatSourceSpec(spec: SourceSpec): string {
  if (spec.kind === 'tag') return escapeForConsole(`${spec.tag}=${spec.value}`);
  if (spec.kind === 'path') return escapeForConsole(spec.path);
  if (spec.kind === 'number') return spec.majorMinor;
  if (spec.kind === 'not-understood') return escapeForConsole(spec.text);
  return spec.kind === 'memory' ? 'memory' : spec.why;
}
