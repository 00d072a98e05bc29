// The power-on of a case with a real image of dracut: the one that random machines boot, with what is of this machine in it, and
// hooks in which the case happens.
import { readFileSync, writeFileSync } from 'node:fs';
import { dracutHooks, fileEntry, readImage, writtenImage } from '../guest/boot-image.ts';
import { imageWithOwnParts } from '../machines/own-image.ts';
import { diskNames, inUml } from './disks-of-case.ts';
import type { PowerOn } from './safety-case.ts';

export interface DracutImage {
  /** The platform, such as `trixie-dracut`. */
  readonly suite: string;
  /** File of the image that is the same for all machines. */
  readonly template: string;
}

const STAGES: Readonly<Record<string, string>> = {
  'pre-udev/01-case.sh': '/case begin',
  'initqueue/05-case.sh': 'setsid /case watch </dev/null &',
  'pre-mount/99-case.sh': '/case before-mount',
  'pre-pivot/99-case.sh': '/case system',
  'emergency/01-case.sh': '/case failed',
};
const TRIGGER = 'etc/systemd/system/systemd-udev-trigger.service.d/disks.conf';

/** @param from The folder with what `resolve` wrote for dracut on the healthy machine. */
export async function writeImage(
  image: DracutImage,
  from: string,
  target: string,
  how: PowerOn,
): Promise<void> {
  await imageWithOwnParts(image.template, from, target, image.suite);
  const entries = readImage(readFileSync(target));
  const hooks = dracutHooks(entries);
  if (hooks === undefined) throw new Error(`the image of ${image.suite} has no hooks`);
  const added = [
    fileEntry('case', inUml('dracut-boot'), 0o755),
    ...Object.entries(STAGES).map(([name, words]) => fileEntry(`${hooks}/${name}`, `${words}\n`, 0o755)),
    ...(how.oneByOne === true ? [fileEntry(TRIGGER, oneByOne(how))] : []),
  ];
  const names = new Set(added.map(({ name }) => name));
  writeFileSync(target, writtenImage([...entries.filter(({ name }) => !names.has(name)), ...added]));
}

/** Each disk is fully handled before the next is seen. */
function oneByOne({ disks, pluggable = '' }: PowerOn): string {
  const names = diskNames(`${disks}${pluggable}`);
  const lines = [...disks].map(
    (disk) => `ExecStart=-udevadm trigger --action=add --settle /dev/${names[disk]}`,
  );
  return ['[Service]', 'ExecStart=', ...lines, ''].join('\n');
}

export const dracutArguments = (
  initrd: string,
  rootFilesystem: string,
  retryS: number,
): readonly string[] => [
  `initrd=${initrd}`,
  `root=UUID=${rootFilesystem}`,
  'rw',
  `rd.retry=${retryS}`,
  ...['systemd.show_status=0', 'systemd.log_level=warning'],
];
