/**
 * md allows an event count one below the highest, since a crash may fall between two superblock writes (md.c,
 * super_1_validate; Assemble.c, event_margin).
 */
export const EVENT_MARGIN = 1;
