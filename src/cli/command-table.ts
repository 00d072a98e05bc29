import { WATCHLIST_PATH } from '../app/own-places.ts';

/**
 * Every command of both programs: commander, the boot engine's own parser, the help of both and the manual stand on this table.
 * Each is a plain constant of its own, so that a program is bundled with those that it has and no other.
 */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly group: CommandGroup;
  readonly argument?: ArgumentSpec;
  readonly options: readonly OptionSpec[];
}

/** Who types a command, and when; the help lists them in this order. */
export const COMMAND_GROUPS = {
  everyday: 'Every day',
  rescue: 'When something is wrong',
  others: 'Called by units, udev and image builds, and by hand where it helps',
} as const;

export type CommandGroup = keyof typeof COMMAND_GROUPS;

export interface ArgumentSpec {
  readonly name: string;
  readonly meaning: string;
  readonly count: 'one' | 'any';
}

export interface OptionSpec {
  /** Without the dashes. */
  readonly flag: string;
  /** One letter that means the same. */
  readonly short?: string;
  /** What its value is called; a switch has none. */
  readonly value?: string;
  readonly meaning: string;
  readonly preset?: string;
  /** `required`: the command makes no sense without it; `repeated`: it may be given several times. */
  readonly use?: 'required' | 'repeated';
}

export const ABOUT = 'boot from md RAID when a disk is missing, late or returned';

const WATCHLIST: OptionSpec = {
  flag: 'watchlist',
  value: 'FILE',
  meaning: 'the watchlist',
  preset: WATCHLIST_PATH,
};

const ROOT: OptionSpec = {
  flag: 'root',
  value: 'FOLDER',
  meaning: 'the root of another system, such as the target of an installer',
  preset: '/',
};

export const BOOT: CommandSpec = {
  name: 'boot',
  group: 'others',
  summary: 'one stage of the boot; the scripts in the boot image call it',
  options: [
    { flag: 'stage', value: 'STAGE', meaning: 'before-passphrase, all or release', use: 'required' },
    { flag: 'root', value: 'SOURCE', meaning: 'what the boot waits for, as root= names it' },
    { flag: 'limit-ms', value: 'MS', meaning: 'when the generator gives up, ms since the kernel began' },
    WATCHLIST,
  ],
};

export const START: CommandSpec = {
  name: 'start',
  group: 'rescue',
  summary: 'show the listed arrays and start what can be started, degraded if necessary',
  argument: {
    name: 'ARRAY',
    count: 'any',
    meaning: 'name, UUID or device; all listed ones if none is given',
  },
  options: [
    { flag: 'dry-run', meaning: 'print the exact mdadm commands and run none' },
    { flag: 'copy', value: 'NUMBERS', meaning: 'answer the questions in order, with these choices' },
    WATCHLIST,
  ],
};

export const GATE: CommandSpec = {
  name: 'gate',
  group: 'others',
  summary: 'whether udev may hand this md member to mdadm now: pass, hold or readd',
  argument: { name: 'DEVICE', count: 'one', meaning: 'a block device' },
  options: [
    { flag: 'export', meaning: 'as udev properties' },
    { flag: 'metadata', value: 'VERSION', meaning: 'where its superblock is, by udev (ID_FS_VERSION)' },
  ],
};

export const LEDGER: CommandSpec = {
  name: 'ledger',
  group: 'others',
  summary: 'record which members of each array are in sync, for the next boot',
  options: [
    { flag: 'dry-run', meaning: 'show what is known in each place, and write nothing' },
    { flag: 'json', meaning: 'as JSON' },
  ],
};

export const ARRAYS: CommandSpec = {
  name: 'arrays',
  group: 'others',
  summary: 'after the boot: look after arrays not complete',
  options: [{ flag: 'dry-run', meaning: 'say what would be done about each, and do nothing' }],
};

export const RESOLVE: CommandSpec = {
  name: 'resolve',
  group: 'everyday',
  summary: 'which arrays the mounts of the boot image stand on: the watchlist',
  options: [
    { flag: 'json', meaning: 'as the watchlist file itself' },
    { flag: 'dot', meaning: 'as a graph for Graphviz' },
    { flag: 'svg', meaning: 'as a picture' },
    { flag: 'output', value: 'FILE', meaning: 'write to a file, whole or not at all' },
    ROOT,
    {
      flag: 'fstab',
      value: 'FILE',
      meaning: 'read this file instead of etc/fstab, and do not look at what is mounted',
    },
    { flag: 'resume', value: 'SOURCE', meaning: 'the swap to resume from, as UUID=... or a path' },
    { flag: 'image', value: 'FOLDER', meaning: 'write the watchlist into the tree of a boot image' },
    {
      flag: 'generator',
      value: 'NAME',
      meaning: 'with --image: what builds it, initramfs-tools or dracut',
      preset: 'initramfs-tools',
    },
  ],
};

export const EXPLAIN: CommandSpec = {
  name: 'explain',
  group: 'everyday',
  summary: 'what the next boot would do, also with disks taken away',
  options: [
    {
      flag: 'without',
      value: 'DISK',
      meaning: 'as if this disk were missing; may be repeated',
      use: 'repeated',
    },
    { flag: 'each', meaning: 'each single disk that the boot needs, in turn' },
    ROOT,
    { flag: 'json', meaning: 'for programs' },
    { flag: 'svg', meaning: 'as a picture' },
  ],
};

export const VERIFY: CommandSpec = {
  name: 'verify',
  group: 'everyday',
  summary: 'whether everything is in place for the next boot, from firmware to the last mount',
  options: [ROOT, { flag: 'json', meaning: 'for programs' }],
};

export const IMAGES: CommandSpec = {
  name: 'images',
  group: 'others',
  summary: 'whether the boot image has the list of arrays that would be made now',
  options: [
    {
      flag: 'auto',
      meaning: 'the way its units run it: tell a change once, or build the image anew, as update_images says',
    },
  ],
};

export const STATUS: CommandSpec = {
  name: 'status',
  group: 'everyday',
  summary: 'what is wrong, how each array stands, and what to do',
  argument: { name: 'ARRAY', count: 'any', meaning: 'name, UUID or device; all if none is given' },
  options: [
    { flag: 'json', meaning: 'as JSON' },
    { flag: 'watch', meaning: 'draw it anew every 2 s' },
    { flag: 'quiet', short: 'q', meaning: 'print nothing: the exit status alone' },
  ],
};

export const REPORT: CommandSpec = {
  name: 'report',
  group: 'everyday',
  summary: 'what the last boots did, what the boot stands on, and what the next one would do',
  options: [
    { flag: 'json', meaning: 'as JSON' },
    { flag: 'html', meaning: 'as one HTML file, to look at, print or send' },
    { flag: 'redact', meaning: 'leave out serial numbers, names of disks and the host name' },
    { flag: 'output', value: 'FILE', meaning: 'write to a file, whole or not at all' },
  ],
};

export const METRICS: CommandSpec = {
  name: 'metrics',
  group: 'others',
  summary: 'how everything stands, for Prometheus (textfile collector of node_exporter)',
  options: [
    { flag: 'output', value: 'FILE', meaning: 'write to a file, whole or not at all' },
    { flag: 'next-boot', meaning: 'also whether the next boot comes up, with and without each disk' },
  ],
};

export const NOTIFY: CommandSpec = {
  name: 'notify',
  group: 'others',
  summary: 'tell people what they do not know yet: journal, wall, mail and more',
  argument: {
    name: 'EVENT',
    count: 'any',
    meaning: 'what mdadm --monitor gives its PROGRAM; it only causes a look',
  },
  options: [
    { flag: 'test', meaning: 'send a marked notice on every channel, and say what became of it' },
    { flag: 'dry-run', meaning: 'print what would be told, send and remember nothing' },
  ],
};

export const READD: CommandSpec = {
  name: 'readd',
  group: 'rescue',
  summary: 're-add members that came back to their running arrays, where it is safe',
  argument: {
    name: 'DEVICE',
    count: 'any',
    meaning: 'all unbound members of running degraded arrays when none is given',
  },
  options: [
    { flag: 'dry-run', meaning: 'print the exact mdadm commands and run none' },
    { flag: 'json', meaning: 'as JSON' },
    { flag: 'auto', meaning: 'the way udev runs it: do nothing where the configuration says manual' },
  ],
};

export const CONFIG: CommandSpec = {
  name: 'config',
  group: 'everyday',
  summary: 'which settings are in force and which line sets each, and whether the files are right',
  options: [
    { flag: 'json', meaning: 'as JSON' },
    { flag: 'schema', meaning: 'print a JSON schema of the file, for editors, and read no file' },
    { flag: 'gate', meaning: 'write what udev obeys of it to /run/reliable-raid/policies' },
  ],
};

/** What the full program has, in the order of its help. */
export const HOST_COMMANDS: readonly CommandSpec[] = [
  STATUS,
  REPORT,
  EXPLAIN,
  VERIFY,
  RESOLVE,
  CONFIG,
  START,
  READD,
  IMAGES,
  ARRAYS,
  GATE,
  LEDGER,
  NOTIFY,
  METRICS,
];

/** What the boot engine has. `gate` is a program of its own there. */
export const ENGINE_COMMANDS: readonly CommandSpec[] = [BOOT, START, ARRAYS, GATE, LEDGER];

export const EXIT_USAGE = 2;

/** Beside 0 (good) and `EXIT_USAGE`, by the name of the command. */
export const EXIT_STATUSES: Readonly<Record<string, readonly (readonly [status: number, when: string])[]>> = {
  boot: [
    [1, 'the engine is broken; the scripts fall back'],
    [3, 'an array could not be started, and the failure path of the generator takes over'],
  ],
  start: [[1, 'an array that was asked for does not run']],
  arrays: [[1, 'the engine is broken or the settings cannot be read; the last resort of mdadm decides']],
  gate: [],
  ledger: [[1, 'nothing at all could be recorded']],
  resolve: [
    [1, 'root could not be resolved, or the file not written'],
    [3, 'with --image: the image cannot hold what it should, and strict is set'],
  ],
  explain: [[1, 'in some case that was asked for, the machine would not come up unattended']],
  verify: [[1, 'something is missing, or nobody can tell']],
  images: [
    [1, 'the image is older than the machine, or nobody can tell'],
    [4, 'with --auto: not now, since another program may be building an image'],
  ],
  notify: [[1, 'a channel did not take what was to be told; it is kept for it']],
  status: [
    [1, 'an array lacks a member'],
    [2, 'an array of this machine does not run, or has too few members'],
    [4, 'an array that was asked for is not there'],
  ],
  report: [[1, 'a part of it is not known, or the file could not be written']],
  metrics: [[1, 'with --next-boot: that is not known; or the file could not be written']],
  config: [[1, 'a line of a file is wrong, or a section names no array or more than one']],
  readd: [[1, 'a device that was asked for is not a member of a running array']],
};
