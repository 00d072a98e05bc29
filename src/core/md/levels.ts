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

const WORDS: ReadonlyMap<number, string> = new Map(
  Object.entries(LEVELS).map(([word, level]) => [level, word]),
);

/** md's word for a level number. */
export const levelName = (level: number): string => WORDS.get(level) ?? `raid${level}`;
