// A machine is powered on, its firmware looks for a boot loader, and what becomes of that is seen from outside.
import { parseAnyReport } from '../../../src/core/report/any-report.ts';
import type { Report } from '../../../src/core/report/report-file.ts';
import { emulatorFaults, HarnessFault } from '../scenario/harness-fault.ts';
import type { Machine } from '../vm/machine.ts';

/** What was the last to be there. `arrays`: the image's shell, since root did not come. */
export type Reached = 'firmware' | 'loader' | 'kernel' | 'image' | 'arrays' | 'root' | 'emergency' | 'system';

export interface Seen {
  readonly reached: Reached;
  /** Host seconds from power-on until that was seen. */
  readonly hostSeconds: number;
  readonly report: Report | null;
  /** Seconds that systemd waited for a device before it gave up, from its first job on; null where it did not. */
  readonly gaveUpAfterSeconds: number | null;
  /** What ended it, in the console's last words. */
  readonly lastWords: string;
}

/** The end of a boot that did not come to a kernel, in the words of firmware and boot loaders. */
const FIRMWARE_ENDS = /No bootable device|Shell> $|No bootable option or device was found|Boot Manager Menu/;
/** OVMF names what it starts; its own programs come from a volume of the firmware (Fv). */
const LOADER_BEGINS =
  /GRUB loading|Welcome to GRUB|grub>|BdsDxe: starting Boot\w+ "[^"\n]*" from (?:HD\(|PciRoot)/;
const LOADER_ENDS = /grub rescue> |grub> |Press any key to continue\.\.\./;
const IMAGE_ENDS = /\(initramfs\) /;
const KERNEL_ENDS = /Kernel panic/;
const SYSTEM = /test-shell/;

/** A boot sector without a program hangs a BIOS, and nothing more is said; GRUB's first word comes at once. */
const AFTER_BOOT_SECTOR = /Booting from Hard Disk\.\.\.\s*$/;
const SILENT_SECONDS = 60;

/** Nothing takes so long, a host at work included. */
const LIMIT_SECONDS = 900;

export async function seeBoot(machine: Machine): Promise<Seen> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), LIMIT_SECONDS * 1000);
  try {
    const end = await endOf(machine, limit.signal);
    const hostSeconds = machine.hostSeconds;
    const text = machine.console.lines.map((line) => line.text).join('\n');
    const lastWords = text.trimEnd().split('\n').slice(-6).join('\n');
    if (end !== 'system')
      return { reached: stageOf(text), hostSeconds, report: null, gaveUpAfterSeconds: null, lastWords };
    const { reached, ...facts } = await askSystem(machine);
    return { reached, hostSeconds, ...facts, lastWords };
  } finally {
    clearTimeout(timer);
    limit.abort();
  }
}

/** Which of the ends it is, `system` once there is a shell. */
async function endOf(machine: Machine, signal: AbortSignal): Promise<'system' | 'end'> {
  const { console, shellLine } = machine;
  const ends = [FIRMWARE_ENDS, LOADER_ENDS, IMAGE_ENDS, KERNEL_ENDS, AFTER_BOOT_SECTOR];
  const never = (): Promise<never> => new Promise(() => undefined);
  const waits = ends
    .slice(0, -1)
    .map((words) => console.waitFor(words, 0, signal).then(() => 'end' as const, never));
  const system = shellLine.waitFor(SYSTEM, 0, signal).then(() => 'system' as const, never);
  const exited = machine.exited.then((code) => {
    if (code !== 0) throw new HarnessFault(`the emulator ended with code ${code}`);
    return 'end' as const;
  });
  const crash = console.waitFor(emulatorFaults, 0, signal).then(() => {
    throw new HarnessFault("the guest's kernel crashed");
  }, never);
  const tooLate = new Promise<'end'>((resolve) => signal.addEventListener('abort', () => resolve('end')));
  const hung = silence(machine, signal).then(() => 'end' as const, never);
  return Promise.race([...waits, system, exited, crash, tooLate, hung]);
}

/** Resolves when nothing has been said for a while after the firmware gave the machine to a boot sector. */
function silence({ console }: Machine, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let length = 0;
    let quietSeconds = 0;
    const timer = setInterval(() => {
      const { raw } = console;
      quietSeconds = raw.length === length ? quietSeconds + 1 : 0;
      length = raw.length;
      const last = console.lines.at(-1)?.text ?? '';
      const lastBut = console.lines.at(-2)?.text ?? '';
      if (quietSeconds >= SILENT_SECONDS && AFTER_BOOT_SECTOR.test(`${lastBut}\n${last}`)) {
        clearInterval(timer);
        resolve();
      }
    }, 1000);
    signal.addEventListener('abort', () => {
      clearInterval(timer);
      reject(new Error('over'));
    });
  });
}

/** The last stage that has spoken. */
function stageOf(text: string): Reached {
  if (/EXT4-fs \(\S+\): mounted filesystem/.test(text) && !IMAGE_ENDS.test(text)) return 'root';
  if (IMAGE_ENDS.test(text)) return 'arrays';
  if (/Run \/init as init process/.test(text)) return 'image';
  if (/Linux version \d/.test(text)) return 'kernel';
  if (LOADER_BEGINS.test(text)) return 'loader';
  return 'firmware';
}

type SystemFacts = Pick<Seen, 'reached' | 'report' | 'gaveUpAfterSeconds'>;

const settled = `until state=$(systemctl is-system-running); case $state in running|degraded|maintenance) :;; *) false;; esac; do sleep 1; done`;

/** The system says itself what it is, once its jobs have settled. */
async function askSystem(machine: Machine): Promise<SystemFacts> {
  const { shell } = machine;
  await shell.run('export TERM=dumb SYSTEMD_COLORS=0 PAGER=cat', 120);
  await shell.run(settled, 420);
  const { output } = await shell.run(
    [
      'echo "emergency $(systemctl is-active emergency.target)"',
      'echo "multi-user $(systemctl is-active multi-user.target)"',
      "echo '== journal'",
      // When its jobs begin: its own first words reach the journal late.
      'echo "jobs-begin $(systemctl show -P UnitsLoadFinishTimestampMonotonic)"',
      "journalctl -b -q --no-pager -o short-monotonic -t systemd | grep 'Timed out waiting for device'",
      'echo "== report"',
      'cat /run/reliable-raid/boot.json 2>/dev/null',
    ].join('; '),
    120,
  );
  const word = (name: string): string => new RegExp(`^${name} (\\S+)`, 'm').exec(output)?.[1] ?? '';
  const isEmergency = word('emergency') === 'active';
  const reached = isEmergency ? 'emergency' : word('multi-user') === 'active' ? 'system' : 'root';
  const gaveUpAt = /^\[\s*([\d.]+)\].*Timed out waiting for device/m.exec(output)?.[1] ?? Number.NaN;
  const gaveUpAfterSeconds = Number(gaveUpAt) - Number(word('jobs-begin')) / 1e6;
  const text = output.split('== report\n')[1]?.trim() ?? '';
  const report = text === '' ? null : parseAnyReport(text, 'boot.json');
  return {
    reached,
    gaveUpAfterSeconds: Number.isNaN(gaveUpAfterSeconds) ? null : gaveUpAfterSeconds,
    report: report === null || !report.ok ? null : report.value,
  };
}
