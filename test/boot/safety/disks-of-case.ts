// The earlier life of a machine, lived under a real kernel; what several cases share is lived once a run of the suite.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentHash } from '../guest/cache.ts';
import { mustRun } from '../guest/host-command.ts';
import { createDisk, runUnderUml } from '../guest/uml.ts';
import type { Machine, Release, SafetyCase, Step } from './safety-case.ts';

/** Folder with a.raw, b.raw ... and what the machine left: tree-LABEL, watchlist.json, arrays-listed, mdadm.conf, uuids. */
export type PreparedDisks = string;

const dist = fileURLToPath(new URL('../../../dist', import.meta.url));
const prepared = new Map<string, Promise<PreparedDisks>>();

export function disksOf({ machine, before }: SafetyCase, release: Release, scratch: string): Promise<string> {
  const key = contentHash(machine, before, release);
  const known = prepared.get(key);
  if (known !== undefined) return known;
  const folder = join(scratch, `disks-${key}`);
  const made = live(machine, before, release, folder).then(() => folder);
  prepared.set(key, made);
  return made;
}

async function live(machine: Machine, before: readonly Step[], release: Release, folder: string) {
  mkdirSync(folder, { recursive: true });
  for (const disk of machine.disks) createDisk(diskFile(folder, disk), `${machine.sizeMiB}M`);
  let steps = ['first_power_on'];
  for (const step of before) {
    if (step.kind === 'copy') {
      await run(machine, steps, release, folder);
      steps = [];
      await copyDisk(diskFile(folder, step.from), diskFile(folder, step.to));
    } else {
      steps.push(step.shell);
      if (step.kind === 'cut') {
        await run(machine, steps, release, folder);
        steps = [];
      }
    }
  }
  await run(machine, steps, release, folder);
}

async function run(machine: Machine, steps: readonly string[], release: Release, folder: string) {
  if (steps.length === 0) return;
  const disks = [...machine.disks];
  const { code, stdout, stderr } = await runUnderUml({
    suite: release,
    memory: '384M',
    timeoutSeconds: 120,
    disks: disks.map((disk) => ({ path: diskFile(folder, disk), serial: `disk-${disk}` })),
    files: { ...filesOfMachine(machine), machine: inUml('machine'), steps: steps.join('\n') },
    outFolder: folder,
    script: `${variablesOf(machine, machine.disks)}\ndist='${dist}'\noutside_mdadm_conf=''\n${inUml('prepare-disks')}`,
  });
  writeFileSync(join(folder, 'log'), `${stdout}\n${stderr}`, { flag: 'a' });
  const missing = ['watchlist.json', 'tree-base'].filter((name) => !existsSync(join(folder, name)));
  if (code !== 0 || missing.length > 0)
    throw new Error(`the disks could not be prepared (${code}):\n${`${stdout}\n${stderr}`.trim()}`);
}

export const diskFile = (folder: string, disk: string): string => join(folder, `${disk}.raw`);

export const copyDisk = (from: string, to: string): Promise<string> =>
  mustRun(['cp', '--sparse=always', '--reflink=auto', from, to]);

export const inUml = (name: string): string =>
  readFileSync(new URL(`./in-uml/${name}`, import.meta.url), 'utf8');

export const filesOfMachine = ({ arrays }: Machine): Record<string, string> => ({
  arrays: arrays
    .map(({ name, level, metadata, members, options = '' }) =>
      [name, level, metadata, members.join(','), options].join(' '),
    )
    .map((line) => `${line}\n`)
    .join(''),
});

/** The kernel names user-mode disks by place: ubdb, ubdc ... */
export const diskNames = (inOrder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...inOrder].map((disk, index) => [disk, `ubd${String.fromCharCode('b'.charCodeAt(0) + index)}`]),
  );

export function variablesOf({ root, disks }: Machine, inOrder: string): string {
  const names = Object.entries(diskNames(inOrder)).map(([disk, name]) => `disk_${disk}=${name}`);
  return [`root_array=${root}`, `disks_of_machine='${[...disks].join(' ')}'`, ...names].join('\n');
}

/** Generation to its list of files with their checksums. */
export function treesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.startsWith('tree-'));
  return Object.fromEntries(
    names.map((name) => [name.slice('tree-'.length), readFileSync(join(folder, name), 'utf8')]),
  );
}

export function copyText(from: string, to: string): void {
  if (existsSync(from)) copyFileSync(from, to);
}
