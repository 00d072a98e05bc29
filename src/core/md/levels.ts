/** md's level numbers by mdadm's words (maps.c, pers[]); null for what is none. */
export const LEVELS: Readonly<Record<string, number>> = {
  linear: -1,
  raid0: 0,
  raid1: 1,
  raid4: 4,
  raid5: 5,
  raid6: 6,
  raid10: 10,
  multipath: -4,
  container: -100,
  faulty: -5,
};

/** md's word for a level number. */
export function levelName(level: number): string {
  return level === -1 ? 'linear' : `raid${level}`;
}
