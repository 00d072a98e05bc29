// What guests are made of, a row each: the next generator of boot images, or the next release, is one more row.

export interface Platform {
  /** The release by the name of its suite. */
  readonly suite: string;
  readonly title: string;
  /** What it needs beside the packages of every guest. */
  readonly packages: readonly string[];
}

/** The first is the one that is meant where none is named. */
export const platforms: readonly [Platform, ...Platform[]] = [
  { suite: 'trixie', title: 'Debian 13', packages: [] },
  { suite: 'bookworm', title: 'Debian 12', packages: [] },
  // util-linux-extra has the pivot_root of the first process of user-mode Linux there
  { suite: 'forky', title: 'Debian testing', packages: ['util-linux-extra'] },
];

/** `trixie,bookworm`, or `all`; an error names what there is. */
export function platformsNamed(names: string): readonly Platform[] {
  if (names === 'all') return platforms;
  return names.split(',').map((name) => {
    const found = platforms.find(({ suite }) => suite === name);
    if (found === undefined)
      throw new Error(`no platform ${name}: ${platforms.map(({ suite }) => suite).join(', ')}, or all`);
    return found;
  });
}
