/** A physical volume and the volume group it belongs to, as `pvs` reports them. */
export interface PhysicalVolume {
  readonly path: string;
  /** 32 characters without dashes, as at the start of its logical volumes' dm UUIDs; empty when it is in no group. */
  readonly groupId: string;
  readonly groupName: string;
}

/** One call for the whole machine; `/` alone cannot separate, paths have it. */
export const PVS: readonly [string, ...string[]] = [
  'pvs',
  '--readonly',
  '--noheadings',
  '--separator',
  '|',
  '-o',
  'vg_uuid,vg_name,pv_name',
];

/** Reads the output of PVS; other lines are skipped. A missing PV has no path in it. */
export function parsePvs(text: string): readonly PhysicalVolume[] {
  const volumes: PhysicalVolume[] = [];
  for (const line of text.split('\n')) {
    const [uuid = '', groupName = '', path = ''] = line.trim().split('|');
    if (path.startsWith('/dev/')) volumes.push({ path, groupId: uuid.replaceAll('-', ''), groupName });
  }
  return volumes;
}
