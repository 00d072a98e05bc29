/** What a device-mapper node is; its maker says so in the dm UUID. */
type DmKind = 'lvm' | 'thin' | 'crypt' | 'integrity' | 'verity' | 'multipath' | 'partition' | 'unknown';

const PREFIXES: readonly (readonly [RegExp, DmKind])[] = [
  [/^LVM-.*-(?:tpool|pool|tdata|tmeta)$/, 'thin'],
  [/^LVM-/, 'lvm'],
  [/^CRYPT-INTEGRITY-/, 'integrity'],
  [/^(?:CRYPT-)?VERITY-/, 'verity'],
  [/^CRYPT-SUBDEV-/, 'integrity'],
  [/^CRYPT-/, 'crypt'],
  [/^mpath-/, 'multipath'],
  [/^part\d+-/, 'partition'],
];

/** Kind by the prefix of the dm UUID; LVM's hidden volumes of a thin pool by its suffix. */
export const dmKind = (dmUuid: string): DmKind =>
  PREFIXES.find(([prefix]) => prefix.test(dmUuid))?.[1] ?? 'unknown';

/** The 32 characters that name the volume group of an LVM node; null for others. */
export const volumeGroupId = (dmUuid: string): string | null =>
  /^LVM-([A-Za-z0-9]{32})/.exec(dmUuid)?.[1] ?? null;
