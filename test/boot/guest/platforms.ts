// What guests are made of, a row each: the next generator of boot images, or the next release, is one more row.

export interface Platform {
  /** The release by the name of its suite; with another generator of boot images, that name and the generator's. */
  readonly suite: string;
  /** Debian's own name of the release, where the row's name says more. */
  readonly release?: string;
  /** What builds its boot images, where that is not initramfs-tools. */
  readonly generator?: 'dracut';
  /** Modules of dracut that its images do without. */
  readonly omits?: string;
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

/** Not meant by `all`, run where they are named: an image of dracut takes long to build. `./check` boots a few of the first. */
export const furtherPlatforms: readonly Platform[] = [
  {
    suite: 'trixie-dracut',
    release: 'trixie',
    generator: 'dracut',
    title: 'Debian 13 with dracut',
    // what opens LUKS devices in an image with systemd
    packages: ['systemd-cryptsetup'],
  },
  {
    suite: 'bookworm-dracut',
    release: 'bookworm',
    generator: 'dracut',
    title: 'Debian 12 with dracut',
    packages: [],
  },
  {
    suite: 'bookworm-dracut-plain',
    release: 'bookworm',
    generator: 'dracut',
    omits: 'systemd',
    title: 'Debian 12 with dracut, no systemd in the image',
    packages: [],
  },
  {
    suite: 'forky-dracut',
    release: 'forky',
    generator: 'dracut',
    title: 'Debian testing with dracut',
    packages: ['util-linux-extra', 'systemd-cryptsetup'],
  },
];

export function platformOf(suite: string): Platform | undefined {
  return [...platforms, ...furtherPlatforms].find((platform) => platform.suite === suite);
}

export const isOfDracut = (suite: string): boolean => platformOf(suite)?.generator === 'dracut';

/** `trixie,bookworm`, `all`, or `all,trixie-dracut`; an error names what there is. */
export function platformsNamed(names: string): readonly Platform[] {
  return names.split(',').flatMap((name) => {
    if (name === 'all') return platforms;
    const found = platformOf(name);
    if (found === undefined) {
      const known = [...platforms, ...furtherPlatforms].map(({ suite }) => suite);
      throw new Error(`no platform ${name}: ${known.join(', ')}, or all`);
    }
    return found;
  });
}
