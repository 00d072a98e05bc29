// One power-on of a prepared machine, and what is true of it and of every disk afterwards.
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { runUnderUml } from '../guest/uml.ts';
import { readReport } from '../scenario/collect.ts';
import { copyDisk, diskFile, disksOf, filesOfMachine, inUml, treesIn, variablesOf } from './disks-of-case.ts';
import { type DracutImage, dracutArguments, writeImage } from './dracut-image.ts';
import { list, type Release, type SafetyCase } from './safety-case.ts';

export interface ArrayAtEnd {
  readonly state: string;
  readonly degraded: number | null;
  readonly members: readonly string[];
}

export interface Seen {
  /** `mdadm --version` of the machine that was powered on, without the date. */
  readonly mdadm: string;
  /** Label of the generation whose tree root holds; `mixture` if it is nobody's; null if root did not come up. */
  readonly root: string | null;
  readonly changedDisks: readonly string[];
  /** Sectors that the members of root's arrays do not agree on; null where none was whole. */
  readonly mismatches: number | null;
  readonly beforeMount: Readonly<Record<string, ArrayAtEnd>>;
  readonly atTheEnd: Readonly<Record<string, ArrayAtEnd>>;
  readonly wentOnAfterS: number;
  /** Seconds since device discovery began, as the engine reports. */
  readonly degradedStartsAtS: readonly number[];
  readonly said: string;
}

const project = fileURLToPath(new URL('../../..', import.meta.url));
/** Seconds; the default is 20. */
const WAIT_S = 3;
/** How long a generator waits for root: initramfs-tools without rootdelay=; dracut with this rd.retry=. */
const PATIENCE_S = 30;
/** `max_wait`, how long a question stays open: 180 s by default. Where somebody answers, the answer ends it. */
const QUESTION_OPEN_S = { unattended: 3, answered: 25 } as const;

/**
 * @param dracut The image of dracut that is booted; null for the scripts of initramfs-tools.
 */
export async function powerOn(
  safetyCase: SafetyCase,
  release: Release,
  scratch: string,
  outFolder: string,
  dracut: DracutImage | null,
): Promise<Seen> {
  const { machine, powerOn: how } = safetyCase;
  const from = await disksOf(safetyCase, release, scratch);
  const disks = join(outFolder, 'disks');
  rmSync(outFolder, { recursive: true, force: true });
  mkdirSync(disks, { recursive: true });
  for (const disk of machine.disks) await copyDisk(diskFile(from, disk), diskFile(disks, disk));
  const before = await hashes(disks, machine.disks);
  const pluggable = how.pluggable ?? '';
  const onList = `${how.disks}${pluggable}`;
  const text = (name: string) => readFileSync(join(from, name), 'utf8');
  const uuids = Object.fromEntries(lines(text('uuids')).map((line) => line.split(' ') as [string, string]));
  const listed = lines(text('arrays-listed')).map((line) => line.split(' ')[0] ?? '');
  const rootFilesystem = text('root-filesystem').trim();
  const initrd = join(outFolder, 'initrd');
  if (dracut !== null) await writeImage(dracut, from, initrd, how);
  const patienceSpentS = how.patienceSpentS ?? (how.stock === true ? 0 : 23);
  const { stdout, stderr, console } = await runUnderUml({
    suite: release,
    memory: dracut === null ? '384M' : '512M',
    timeoutSeconds: 150,
    disks: [...how.disks].map((disk) => ({ path: diskFile(disks, disk), serial: `disk-${disk}` })),
    pluggable: Object.fromEntries([...pluggable].map((disk) => [disk, { path: diskFile(disks, disk) }])),
    kernelArguments: [
      ...(dracut === null ? [] : dracutArguments(initrd, rootFilesystem, PATIENCE_S - patienceSpentS)),
      `reliable_raid.wait=${WAIT_S}`,
      `reliable_raid.max_wait=${questionOpenS(safetyCase)}`,
      ...(how.kernelArguments ?? []),
    ],
    files: {
      ...filesOfMachine(machine),
      ...(how.stock === true ? {} : productFiles()),
      machine: inUml('machine'),
      'power-on': inUml('power-on'),
      '61-ubd.rules': inUml('61-ubd.rules'),
      'watchlist.json': text('watchlist.json'),
      'arrays-listed': text('arrays-listed'),
      'mdadm.conf': text(how.stock === true ? 'mdadm-stock.conf' : 'mdadm.conf'),
      ...firmwareOf(from),
      first: how.first ?? '',
      meanwhile: how.meanwhile ?? '',
      after: how.after ?? '',
      variables: [
        variablesOf(machine, onList),
        `product=${how.stock === true ? 'no' : 'yes'}`,
        `order=${how.oneByOne === true ? list(how.disks) : 'at-once'}`,
        `stop_before_mount=${how.cutBeforeMount === true ? 'yes' : 'no'}`,
        `patience_spent_s=${patienceSpentS}`,
        `root_filesystem=${rootFilesystem}`,
        `root_uuids='${listed.join('\\|')}'`,
        `left_alone='${how.stock === true ? '' : [...(safetyCase.expect.untouched ?? '')].join(' ')}'`,
        `wait_s=${WAIT_S}`,
        `dist='${join(project, 'dist')}'`,
      ].join('\n'),
    },
    outFolder,
    script: inUml('early-boot'),
  });
  rmSync(initrd, { force: true });
  writeFileSync(join(outFolder, 'script.log'), `${stdout}\n== stderr\n${stderr}\n== kernel\n${console}`);
  const after = await hashes(disks, machine.disks);
  const out = (name: string) =>
    existsSync(join(outFolder, name)) ? readFileSync(join(outFolder, name), 'utf8') : '';
  const [, versions = ''] = lines(out('versions'));
  if (versions === '') throw new Error(`the power-on ended before it began:\n${stderr}`);
  const names = Object.fromEntries(Object.entries(uuids).map(([name, uuid]) => [uuid, name]));
  return {
    mdadm: /v?(\d+\.\d+)/.exec(versions)?.[1] ?? versions,
    root: generation(out('tree'), treesIn(from)),
    changedDisks: [...machine.disks].filter((disk) => before[disk] !== after[disk]),
    mismatches: /^\d+/.test(out('mismatches')) ? Number(out('mismatches')) : null,
    beforeMount: arrays(out('arrays-before-mount'), names),
    atTheEnd: arrays(out('arrays-at-the-end'), names),
    wentOnAfterS: Number(out('waited-until')) - Number(out('discovered-at')),
    degradedStartsAtS: degradedStarts(out('boot.json')),
    said: readdirSync(outFolder)
      .filter((name) => name.endsWith('.log') || name.endsWith('.json'))
      .map((name) => out(name))
      .join('\n'),
  };
}

function questionOpenS({ powerOn: { meanwhile = '' } }: SafetyCase): number {
  return meanwhile.includes('answer') ? QUESTION_OPEN_S.answered : QUESTION_OPEN_S.unattended;
}

/** The variable that the machine left, byte for byte. */
function firmwareOf(folder: string): Record<string, Uint8Array> {
  const names = ['efi-variable', 'efi-variable-name'].filter((name) => existsSync(join(folder, name)));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
}

/** What the package lays out, from the built tree. */
function productFiles(): Record<string, string | Uint8Array> {
  const file = (path: string) => readFileSync(join(project, path));
  const rule = 'udev/63-reliable-raid.rules';
  return {
    engine: file('dist/reliable-raid-boot'),
    'boot-steps': file('scripts/boot-steps'),
    steps: file('initramfs-tools/steps'),
    shell: file('scripts/shell'),
    ...(existsSync(join(project, rule)) ? { '63-reliable-raid.rules': file(rule) } : {}),
    ...Object.fromEntries(
      ['init-top', 'local-top', 'local-block', 'local-bottom'].map((stage) => [
        `script-${stage}`,
        file(`initramfs-tools/scripts/${stage}/reliable-raid`),
      ]),
    ),
  };
}

function generation(tree: string, trees: Readonly<Record<string, string>>): string | null {
  if (tree.trim() === '') return null;
  return Object.entries(trees).find(([, manifest]) => manifest === tree)?.[0] ?? 'mixture';
}

function arrays(text: string, names: Readonly<Record<string, string>>): Record<string, ArrayAtEnd> {
  return Object.fromEntries(
    lines(text).map((line) => {
      const [uuid = '', state = '', degraded = '', members = ''] = line.split(' ');
      const found = { state, degraded: degraded === '-' ? null : Number(degraded) };
      return [names[uuid] ?? uuid, { ...found, members: members.split(',').filter(Boolean) }];
    }),
  );
}

function degradedStarts(report: string): number[] {
  if (report === '') return [];
  const { discoveryAtMs, timeline } = readReport(report);
  return timeline
    .filter((entry) => entry.kind === 'array-started' && entry.degraded)
    .map(({ atMs }) => (atMs - discoveryAtMs) / 1000);
}

async function hashes(folder: string, disks: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const disk of disks) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(diskFile(folder, disk), { highWaterMark: 1 << 20 }), hash);
    found[disk] = hash.digest('hex');
  }
  return found;
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
