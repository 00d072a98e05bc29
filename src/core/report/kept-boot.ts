import { readShape } from '../parse/json-reader.ts';
import type { Result } from '../result/result.ts';
import { asciiJson } from '../text/ascii-json.ts';
import { readAnyReport } from './any-report.ts';
import { REPORT_SCHEMA, type Report } from './report-file.ts';

export const KEPT_BOOT_SCHEMA = 'reliable-raid/kept-boot/1';

/** Boots kept beside the present one: a machine that restarts all day must not fill /var. */
export const MAX_KEPT_BOOTS = 20;

export const MAX_KEPT_BYTES = 256 * 1024;

/** Entries kept of one timeline; what is cut is the middle. */
const MAX_KEPT_ENTRIES = 500;

/** What the reports of one boot say; null: there is none, as where nothing had to be done. */
export interface BootReports {
  /** Of the boot image. */
  readonly image: Report | null;
  /** Of the arrays that root does not need, after it. */
  readonly others: Report | null;
  /** Of starts by hand. */
  readonly byHand: Report | null;
}

/** One boot that reached the running system. */
export interface KeptBoot {
  /** The kernel's own name for it (boot_id). */
  readonly bootId: string;
  /** When the kernel started, milliseconds since 1970; null where the machine did not know. */
  readonly bootedAtMs: number | null;
  readonly reports: BootReports;
  /** A report that is there could not be read: what is null may have been. */
  readonly isWhole: boolean;
  /** Entries that were left out so that the file stays small. */
  readonly cutEntries: number;
}

/** The text of its file, of at most `MAX_KEPT_BYTES`: the middle of a long timeline is left out. */
export function formatKeptBoot(boot: KeptBoot): string {
  for (let max = MAX_KEPT_ENTRIES; max >= 1; max = Math.floor(max / 2)) {
    const text = formatCut(boot, max);
    if (text.length <= MAX_KEPT_BYTES) return text;
  }
  // Names and words without measure: that it was a boot is all that is kept.
  const all = Object.values(boot.reports).reduce((sum, report) => sum + (report?.timeline.length ?? 0), 0);
  const none = { image: null, others: null, byHand: null };
  return formatCut({ ...boot, reports: none, cutEntries: boot.cutEntries + all }, 1);
}

function formatCut({ bootId, bootedAtMs, reports, isWhole, cutEntries }: KeptBoot, max: number): string {
  let cut = cutEntries;
  const kept = (report: Report | null): object | null => {
    if (report === null) return null;
    const { timeline } = report;
    cut += Math.max(0, timeline.length - max);
    const last = Math.min(timeline.length, Math.ceil(max / 2));
    const cutTimeline =
      timeline.length <= max
        ? timeline
        : [...timeline.slice(0, max - last), ...timeline.slice(timeline.length - last)];
    return { schema: REPORT_SCHEMA, ...report, timeline: cutTimeline };
  };
  const [image, others, byHand] = [kept(reports.image), kept(reports.others), kept(reports.byHand)];
  const file = { bootId, bootedAtMs, isWhole, cutEntries: cut, image, others, byHand };
  return `${asciiJson({ schema: KEPT_BOOT_SCHEMA, ...file })}\n`;
}

export const parseKeptBoot = (text: string, at: string): Result<KeptBoot> =>
  readShape(text, at, (top) => {
    top.field('schema').oneOf([KEPT_BOOT_SCHEMA]);
    return {
      bootId: top.field('bootId').text(64),
      bootedAtMs: top.field('bootedAtMs').orNull((field) => field.integer(0, Number.MAX_SAFE_INTEGER)),
      isWhole: top.field('isWhole').boolean(),
      cutEntries: top.field('cutEntries').integer(0, Number.MAX_SAFE_INTEGER),
      reports: {
        image: top.field('image').orNull(readAnyReport),
        others: top.field('others').orNull(readAnyReport),
        byHand: top.field('byHand').orNull(readAnyReport),
      },
    };
  });

/** Nothing is new in it: the file of this boot need not be written again. */
export const saysTheSame = (a: KeptBoot, b: KeptBoot): boolean =>
  formatKeptBoot({ ...a, bootedAtMs: 0 }) === formatKeptBoot({ ...b, bootedAtMs: 0 });
