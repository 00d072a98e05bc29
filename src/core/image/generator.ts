import { pathsInLsinitramfs, pathsInLsinitrd } from '../parse/image-listing.ts';
import { type KernelParameter, lastValue } from '../parse/kernel-cmdline.ts';
import { dracutEarlyEnds } from './dracut-early-ends.ts';
import type { EarlyEnd, EarlyEndSources } from './early-end.ts';

/** A program that builds boot images: what differs between one and the next, beside the scripts in the folder of its name. */
export interface Generator {
  readonly name: string;
  /** mdadm's configuration in the tree of its images. */
  readonly mdadmConf: string;
  /** Its images assemble root's arrays and no others, by these files in their tree; null where they assemble what they see. */
  readonly narrowed: NarrowedTo | null;
  /** What a person types to build the images anew. */
  readonly rebuild: string;
  /** The same for one kernel, by its version. */
  readonly rebuildFor: (kernel: string) => string;
  /** The same for a kernel that has none yet. */
  readonly createFor: (kernel: string) => string;
  /** Builds the image of a kernel anew, in the file that it has. */
  readonly build: (kernel: string, path: string) => readonly [string, ...string[]];
  /** It is installed where all of these are; paths below the root. */
  readonly programs: readonly string[];
  /** Only its images have such a path. */
  readonly mark: RegExp;
  /** Prints what an image holds. */
  readonly lister: ImageLister;
  /** Its own settings for the swap to resume from; null where only the kernel command line names it. */
  readonly resume: ResumeSettings | null;
  /** Its images open the mappings of crypttab and no others. */
  readonly opensByCrypttab: boolean;
  /** How long its images wait for root. */
  readonly rootWait: (cmdline: readonly KernelParameter[]) => RootWait;
  /** What ends a boot of its images while arrays may still be waited for. */
  readonly earlyEnds: (sources: EarlyEndSources) => readonly EarlyEnd[];
  /** What its images do when root does not come. */
  readonly failurePath: (cmdline: readonly KernelParameter[]) => FailurePath;
}

export interface NarrowedTo {
  /** Kernel arguments that name the arrays. */
  readonly arguments: string;
  /** A udev rule, for when an argument asks for every array. */
  readonly membersRule: string;
}

export interface ImageLister {
  /** Called with the path of the image. */
  readonly program: string;
  /** The paths in what it prints, without a slash at their beginning. */
  readonly paths: (text: string) => readonly string[];
}

export interface ResumeSettings {
  /** Below /etc; a file of the folder counts more, the last of them by name most. */
  readonly file: string;
  readonly folder: string;
  /** Assigned as a shell does it. */
  readonly variable: string;
}

export interface RootWait {
  /** Slept before anything else. */
  readonly sleepMs: number;
  /** After this the failure path begins. */
  readonly patienceMs: number;
}

/** The others name the kernel argument that asks for it. */
export type FailurePath =
  | { readonly kind: 'shell' }
  | { readonly kind: 'restart' | 'power-off'; readonly why: string };

/** Apart from the record, for the boot engine: it names this and carries nothing else of a generator. */
export const UPDATE_INITRAMFS = 'update-initramfs -u';

/** In seconds; without `rootdelay=`, and at least. */
const INITRAMFS_TOOLS_PATIENCE = 30;

export const INITRAMFS_TOOLS: Generator = {
  name: 'initramfs-tools',
  mdadmConf: 'etc/mdadm/mdadm.conf',
  narrowed: null,
  rebuild: UPDATE_INITRAMFS,
  rebuildFor: (kernel) => `${UPDATE_INITRAMFS} -k ${kernel}`,
  createFor: (kernel) => `update-initramfs -c -k ${kernel}`,
  build: (kernel) => ['update-initramfs', '-u', '-k', kernel],
  // The packages of dracut have an update-initramfs of their own since 112.
  programs: ['usr/sbin/mkinitramfs', 'usr/sbin/update-initramfs'],
  mark: /^scripts\/(?:functions|local)$/,
  lister: { program: 'lsinitramfs', paths: pathsInLsinitramfs },
  resume: {
    file: 'initramfs-tools/initramfs.conf',
    folder: 'initramfs-tools/conf.d',
    variable: 'RESUME',
  },
  opensByCrypttab: true,
  rootWait: (cmdline) => {
    const text = lastValue(cmdline, 'rootdelay') ?? '';
    const delay = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    return { sleepMs: delay * 1000, patienceMs: Math.max(INITRAMFS_TOOLS_PATIENCE, delay) * 1000 };
  },
  earlyEnds: () => [],
  failurePath: (cmdline) => {
    const panic = lastValue(cmdline, 'panic');
    return panic === null ? { kind: 'shell' } : { kind: 'restart', why: `panic=${panic}` };
  },
};

/** In seconds; `rd.retry=` sets another (dracut.cmdline(7)). */
const DRACUT_RETRY = 180;

export const DRACUT: Generator = {
  name: 'dracut',
  mdadmConf: 'etc/mdadm.conf',
  narrowed: { arguments: 'etc/reliable-raid/arguments', membersRule: 'etc/reliable-raid/members.rules' },
  rebuild: 'dracut -f',
  rebuildFor: (kernel) => `dracut -f --kver ${kernel}`,
  createFor: (kernel) => `dracut --kver ${kernel}`,
  build: (kernel, path) => ['dracut', '-f', path, kernel],
  programs: ['usr/bin/dracut'],
  mark: /^(?:usr\/)?lib\/dracut\/(?:build-parameter|modules)\.txt$/,
  lister: { program: 'lsinitrd', paths: pathsInLsinitrd },
  resume: null,
  // rd.luks.uuid= too (dracut.cmdline(7)).
  opensByCrypttab: false,
  rootWait: (cmdline) => {
    const text = lastValue(cmdline, 'rd.retry') ?? '';
    return { sleepMs: 0, patienceMs: (/^\d{1,5}$/.test(text) ? Number(text) : DRACUT_RETRY) * 1000 };
  },
  earlyEnds: dracutEarlyEnds,
  failurePath: (cmdline) => {
    const shell = lastValue(cmdline, 'rd.shell');
    const isBroken = cmdline.some(({ name }) => name === 'rd.break');
    if (isBroken || shell === null || !/^(0|no|off)$/.test(shell)) return { kind: 'shell' };
    const after = lastValue(cmdline, 'rd.emergency');
    if (after === 'reboot') return { kind: 'restart', why: 'rd.emergency=reboot' };
    return { kind: 'power-off', why: `rd.shell=${shell}` };
  },
};

export const GENERATORS: readonly Generator[] = [INITRAMFS_TOOLS, DRACUT];
