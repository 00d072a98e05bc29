// A machine made of files: sysfs, udev's database, disks with real superblocks, and programs that do what the script says.
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { MdUuid } from '../../src/core/md/md-uuid.ts';
import { DEFAULT_SETTINGS, WATCHLIST_SCHEMA } from '../../src/core/watchlist/watchlist.ts';
import { formatWatchlist } from '../../src/core/watchlist/watchlist-file.ts';
import { encode0, encode1 } from './encode-superblock.ts';

/**
 * Time runs faster there. Nothing of the script may fall together with a wait of the engine, so that a busy computer changes no
 * order: disks come 0, 0.6, 1.2 and 1.8 s after the engine listens, leave 0.2 s after such a moment, and every wait of the engine
 * (a complete array is given 2 s, an arrival extends by 5 s) ends 0.4 s after one.
 */
export const SPEED = 5;
const TICK_SECONDS = 0.6;
const WAIT_MS = 2.8 * 1000 * SPEED;
const NOTICE_AFTER_MS = 1.0 * 1000 * SPEED;

export interface MemberScript {
  /** Ticks after the engine listens; 0: there from the start; null: never. */
  readonly arrives: number | null;
  /** Ticks after its arrival, a third of a tick more than that; null: stays. */
  readonly leaves: number | null;
  /** How many events behind the others. */
  readonly behind: number;
  /** It ran without the others, and calls them faulty. */
  readonly alone?: boolean;
}

export interface ArrayScript {
  readonly level: 1 | 5 | 6;
  readonly metadata: '0.90' | '1.0' | '1.1' | '1.2';
  readonly listed: boolean;
  /** udev binds its members; else nothing in the image names it. */
  readonly assembled: boolean;
  readonly degraded: 'start' | 'ask' | 'never';
  /** What `mdadm --run` does: it works, says so and does nothing (F4), or fails. */
  readonly run: 'works' | 'silent' | 'fails';
  readonly members: readonly MemberScript[];
}

const DISK_BYTES = 4 * 1024 * 1024;
const EVENTS = 100;

const uuidBytes = (n: number): number[] =>
  Array.from({ length: 16 }, (_, i) => (i === 3 ? n + 1 : i === 15 ? 7 : 0));
const uuidText = (bytes: readonly number[]): string =>
  [0, 4, 8, 12]
    .map((at) =>
      bytes
        .slice(at, at + 4)
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .join(''),
    )
    .join(':');
const deviceBytes = (array: number, role: number): number[] =>
  Array.from({ length: 16 }, (_, i) => (i === 0 ? array + 1 : i === 15 ? role + 1 : 0));

/** Fills `root` with the machine, where things happen `slower` times as slowly (for an engine at SPEED / slower); its programs log what they are called with, each for itself. `bin/coldplug` comes first. */
export function buildMachine(root: string, arrays: readonly ArrayScript[], slower = 1): void {
  for (const folder of [
    'bin',
    'dev',
    'proc',
    'etc',
    'run/udev/data',
    'run/reliable-raid',
    'sys/class/block',
    'later',
  ])
    mkdirSync(join(root, folder), { recursive: true });
  mkdirSync(join(root, 'sys/class/tty/console'), { recursive: true });
  writeFileSync(join(root, 'proc/cmdline'), 'root=/dev/md127 quiet\n');
  writeFileSync(join(root, 'run/udev/data/b1:1'), 'E:ID_FS_TYPE=ext4\n');
  writeFileSync(join(root, 'etc/watchlist.json'), watchlistText(arrays));
  arrays.forEach((array, n) => {
    array.members.forEach((member, role) => {
      writeDisk(root, array, n, role, member);
    });
  });
  writeProgram(root, 'library', LIBRARY);
  writeProgram(root, 'mdadm', mdadm(root, arrays));
  writeProgram(root, 'udevadm', udevadm(root, arrays, slower));
  writeProgram(root, 'coldplug', coldplug(root, arrays));
}

/** Everything that the engine did to it and said about it, times aside. */
export function whatHappened(root: string): unknown {
  const plain = (text: string): string => text.replaceAll(root, '');
  const report = (name: string): unknown => {
    const text = readOr(join(root, 'run/reliable-raid', name));
    if (text === null) return null;
    return JSON.parse(plain(text), (key, value) =>
      key === 'engine' || /^((a|discoveryA)tMs|waitedMs|leftMs)$/.test(key) ? 0 : value,
    );
  };
  const called = (program: string): string[] => plain(readOr(join(root, `${program}.log`)) ?? '').split('\n');
  const block = join(root, 'sys/class/block');
  return {
    mdadm: called('mdadm'),
    udevadm: called('udevadm'),
    boot: report('boot.json'),
    start: report('start.json'),
    alive: readOr(join(root, 'run/reliable-raid/alive')) !== null,
    left: readdirSync(join(root, 'run/reliable-raid')).sort(),
    states: readdirSync(block)
      .filter((name) => name.startsWith('md'))
      .map((name) => [name, readOr(join(block, name, 'md/array_state'))]),
  };
}

function readOr(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function watchlistText(arrays: readonly ArrayScript[]): string {
  return formatWatchlist({
    schema: WATCHLIST_SCHEMA,
    hostName: 'scripted',
    settings: { ...DEFAULT_SETTINGS, noticeAfterMs: NOTICE_AFTER_MS },
    arrays: arrays.flatMap((array, n) =>
      array.listed
        ? [
            {
              uuid: uuidText(uuidBytes(n)) as MdUuid,
              name: `a${n}`,
              devicePath: `/dev/md${n}`,
              level: array.level,
              layout: array.level === 1 ? 0 : 2,
              raidDevices: array.members.length,
              metadata: array.metadata,
              container: null,
              layer: 0,
              neededBy: ['/'],
              standsOn: [],
              behindPassphrase: false,
              waitMs: WAIT_MS,
              degraded: array.degraded,
              members: array.members.map((_, role) => ({
                deviceUuid:
                  array.metadata === '0.90'
                    ? `${uuidText(uuidBytes(n))}/${role}`
                    : uuidText(deviceBytes(n, role)),
                role,
                disk: {
                  byId: `ata-D${n}${role}`,
                  model: null,
                  serial: `S${n}${role}`,
                  sizeBytes: DISK_BYTES,
                },
                ledger: { events: EVENTS, updateTimeMs: 0, inSync: true },
              })),
            },
          ]
        : [],
    ),
    tree: [],
    warnings: [],
  });
}

/** A disk that is there from the start is in sysfs; any other waits beside it. */
function writeDisk(root: string, array: ArrayScript, n: number, role: number, member: MemberScript): void {
  const name = diskName(n, role);
  const number = `8:${n * 16 + role}`;
  const place = { '1.1': 0, '1.2': 8, '1.0': 8176, '0.90': 8064 }[array.metadata];
  const fields = {
    arrayUuidBytes: uuidBytes(n),
    deviceUuidBytes: deviceBytes(n, role),
    name: `scripted:a${n}`,
    level: array.level,
    layout: array.level === 1 ? 0 : 2,
    raidDevices: array.members.length,
    number: role,
    roles: array.members.map((_, other) => (member.alone === true && other !== role ? 0xfffe : other)),
    events: EVENTS - member.behind,
  };
  const superblock = array.metadata === '0.90' ? encode0(fields) : encode1(fields, place);
  const disk = openSync(join(root, 'dev', name), 'w');
  ftruncateSync(disk, DISK_BYTES);
  writeSync(disk, superblock, 0, superblock.length, place * 512);
  closeSync(disk);
  writeFileSync(
    join(root, 'run/udev/data', `b${number}`),
    `E:ID_FS_TYPE=linux_raid_member\nE:ID_FS_VERSION=${array.metadata}\n`,
  );
  const entry = join(root, 'later', name);
  mkdirSync(join(entry, 'holders'), { recursive: true });
  writeFileSync(join(entry, 'size'), `${DISK_BYTES / 512}\n`);
  writeFileSync(join(entry, 'dev'), `${number}\n`);
  if (member.arrives === 0) renameSync(entry, join(root, 'sys/class/block', name));
}

const diskName = (n: number, role: number): string => `sd${(n * 16 + role + 370).toString(36)}`;
const arrayName = (n: number): string => `md${127 - n}`;

function writeProgram(root: string, name: string, text: string): void {
  writeFileSync(join(root, 'bin', name), text, { mode: 0o755 });
}

/** Shell functions of both programs. $root is set before. */
const LIBRARY = `
block=$root/sys/class/block
say_called() { echo "$* [$(env | grep -v -e ^PWD= -e ^SHLVL= -e ^_= -e ^OLDPWD= | sort | tr '\\n' ' ')]" >>"$root/$1.log"; }
# bind MD DISK RAID_DEVICES UUID METADATA
bind() {
	md=$block/$1/md
	mkdir -p "$md/dev-$2" "$root/sys/block/$1"
	echo in_sync >"$md/dev-$2/state"
	[ ! -e "$block/$2" ] || mkdir -p "$block/$2/holders/$1"
	[ -e "$root/sys/block/$1/md" ] || ln -s "$md" "$root/sys/block/$1/md"
	echo "$5" >"$md/metadata_version"
	echo "$4" >"$md/uuid"
	bound=$(ls -d "$md"/dev-* | wc -l)
	[ -e "$md/array_state" ] || echo inactive >"$md/array_state"
	if [ "$bound" -eq "$3" ]; then
		echo 0 >"$md/degraded"
		echo clean >"$md/array_state"
	fi
}
# unbind MD DISK
unbind() {
	rm -rf "$block/$1/md/dev-$2" "$block/$2/holders/$1"
}
`;

function mdadm(root: string, arrays: readonly ArrayScript[]): string {
  const disks = arrays.flatMap((array, n) =>
    array.members.map((_, role) => `${diskName(n, role)}) ${bindCall(array, n, role)} ;;`),
  );
  const runs = arrays.map(({ run, members }, n) => {
    const works = `md=$block/${arrayName(n)}/md; echo $((${members.length} - $(ls -d "$md"/dev-* | wc -l))) >"$md/degraded"; echo read-auto >"$md/array_state"`;
    const fails = 'echo "mdadm: failed to start array: Input/output error" >&2; exit 1';
    return `${arrayName(n)}) ${{ works, silent: ':', fails }[run]} ;;`;
  });
  return `#!/bin/sh
root=${root}
. "$root/bin/library"
say_called mdadm "$@"
name=\${2##*/}
case $1 in
--incremental) case $name in ${disks.join('\n')} esac ;;
--run) case $name in ${runs.join('\n')} esac ;;
--stop) rm -r "$block/$name" "$root/sys/block/$name" ;;
esac
`;
}

/** What udev has done before the engine starts. */
function coldplug(root: string, arrays: readonly ArrayScript[]): string {
  const binds = arrays.flatMap((array, n) =>
    array.members.flatMap(({ arrives }, role) =>
      array.assembled && arrives === 0 ? [bindCall(array, n, role)] : [],
    ),
  );
  return `#!/bin/sh\nroot=${root}\n. "$root/bin/library"\n${binds.join('\n')}\n`;
}

const bindCall = (array: ArrayScript, n: number, role: number): string =>
  `bind ${arrayName(n)} ${diskName(n, role)} ${array.members.length} ${uuidText(uuidBytes(n))} ${array.metadata}`;

interface Happening {
  readonly at: number;
  readonly text: string;
}

/** Disks come and go in a rhythm that begins when the engine listens. */
function udevadm(root: string, arrays: readonly ArrayScript[], slower: number): string {
  const happenings: Happening[] = arrays.flatMap((array, n) =>
    array.members.flatMap((member, role) => happeningsOf(array, n, role, member)),
  );
  // Every tick has a clock of its own, wound up at once: what a step takes does not move those after it towards a deadline.
  const ticks = [...new Set(happenings.map(({ at }) => at))].filter((at) => at > 0).sort((a, b) => a - b);
  const steps = ticks.map((at, n) => `sleep ${at * TICK_SECONDS * slower} >/dev/null & tick${n}=$!`);
  let now = 0;
  for (const { at, text } of happenings.toSorted((a, b) => a.at - b.at)) {
    if (at > now) steps.push(`wait "$tick${ticks.indexOf(at)}"`);
    now = at;
    steps.push(text);
  }
  return `#!/bin/sh
root=${root}
. "$root/bin/library"
# event ACTION DEVICE
event() { printf 'UDEV  [1.0] %s /devices/x/%s (block)\\nACTION=%s\\nDEVPATH=/devices/x/%s\\nSUBSYSTEM=block\\n\\n' "$1" "$2" "$1" "$2"; }
case $1 in
settle) say_called udevadm "$@" ;;
monitor)
	say_called udevadm "$@"
	printf 'monitor will print the received events for:\\nUDEV - the event which udev sends out after rule processing\\n\\n'
	${steps.join('\n\t')}
	exec sleep 30 ;;
esac
`;
}

function happeningsOf(array: ArrayScript, n: number, role: number, member: MemberScript): Happening[] {
  const { arrives, leaves } = member;
  if (arrives === null) return [];
  const name = diskName(n, role);
  const md = arrayName(n);
  const found: Happening[] = [];
  if (arrives > 0) {
    const bound = array.assembled ? `; ${bindCall(array, n, role)}; event change ${md}` : '';
    found.push({ at: arrives, text: `mv "$root/later/${name}" "$block/"; event add ${name}${bound}` });
  }
  if (leaves !== null)
    found.push({
      at: arrives + leaves + 1 / 3,
      text: `unbind ${md} ${name}; mv "$block/${name}" "$root/later/"; event remove ${name}`,
    });
  return found;
}
