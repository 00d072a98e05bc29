// A recorded machine resolved, as the readers of the whole boot get it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { KnownMachine } from '../../src/app/inspect/later-mounts.ts';
import type { FactSources } from '../../src/app/machine.ts';
import { DeviceObserver } from '../../src/app/read/device-observer.ts';
import { resolve } from '../../src/app/watchlist/resolve.ts';
import { parseLsblkJson } from '../../src/core/parse/lsblk-json.ts';
import { recordedMachine, type TextFiles } from './recorded-machine.ts';
import { recordedSysfs } from './recorded-sysfs.ts';

const fixtures = join(import.meta.dirname, '../fixtures/recorded');
const grubImage = gunzipSync(readFileSync(join(fixtures, 'boot-loaders-bookworm/bios-gpt.img.gz')));

/** What lsinitramfs says of an image that has all that md needs. */
const IMAGE = [
  ...['.', 'usr/bin/reliable-raid', 'etc/reliable-raid/watchlist.json', 'usr/sbin/mdadm'],
  ...['md-mod', 'raid0', 'raid1', 'raid10', 'raid456', 'linear'].map(
    (name) => `usr/lib/modules/7.2.7/kernel/drivers/md/${name}.ko`,
  ),
].join('\n');

/** The recorded guests had no boot loader: GRUB for BIOS on each disk but the first, a kernel and its image. */
export function withGrub(machine: FactSources): FactSources {
  const readBytes: FactSources['files']['readBytes'] = async (path, offset, length) => {
    const isOfGrub = length <= 1024 && /^\/dev\/ubd[b-z]$/.test(path);
    return isOfGrub
      ? grubImage.subarray(offset, offset + length)
      : machine.files.readBytes(path, offset, length);
  };
  const list: FactSources['files']['list'] = async (path) =>
    path === '/boot' ? ['initrd.img-7.2.7', 'vmlinuz-7.2.7'] : machine.files.list(path);
  const run: FactSources['runner']['run'] = async (argv, options) =>
    argv[0] === 'lsinitramfs'
      ? { argv, status: 0, stdout: IMAGE, stderr: '', error: null }
      : machine.runner.run(argv, options);
  return { ...machine, runner: { run }, files: { ...machine.files, readBytes, list } };
}

/** The recorded guests opened their devices by hand: crypttab as they would have it if they were booted. */
export function crypttabOf(recording: TextFiles): string {
  const devices = parseLsblkJson(recording['lsblk.json'] ?? '');
  if (!devices.ok) throw new Error(devices.why);
  const uuidOf = (name: string | null) => devices.value.find(({ device }) => device === name)?.uuid;
  return devices.value
    .filter(({ type }) => type === 'crypt')
    .map(({ path, parent }) => `${path.replace('/dev/mapper/', '')} UUID=${uuidOf(parent)} none luks\n`)
    .join('');
}

/** `more`: lines added to its fstab. */
export async function recordedBoot(
  folder: string,
  more = '',
  texts: TextFiles = {},
): Promise<{ machine: FactSources; known: KnownMachine }> {
  const path = join(fixtures, folder);
  const files = Object.fromEntries(
    readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]),
  );
  const { recording, texts: sysfs, folders } = recordedSysfs(files);
  const system = {
    '/etc/fstab': `${files['fstab']?.trimEnd()}\n${more}`,
    '/proc/cmdline': 'quiet',
    ...sysfs,
    ...texts,
  };
  const machine = withGrub(recordedMachine(recording, system, folders));
  const { watchlist, block } = await resolve(machine, {
    ...{ root: '/', fstab: null, resume: null, guessResume: true },
  });
  if (!watchlist.ok || block === null) throw new Error(`${folder} cannot be resolved`);
  const snapshot = await new DeviceObserver(machine.files, machine.paths).rescanAll();
  return { machine, known: { watchlist: watchlist.value, block, snapshot, resyncing: new Set() } };
}
