/** Set by tools/build/build.ts when the program is bundled. */
declare const RELIABLE_RAID_VERSION: string | undefined;

/** The version of this program; `development` when it runs from the source tree. */
export const VERSION = typeof RELIABLE_RAID_VERSION === 'string' ? RELIABLE_RAID_VERSION : 'development';
