import type { KeptBoot } from '../../report/kept-boot.ts';
import { ageWords } from '../../text/age.ts';
import { utcDate } from '../../text/utc-date.ts';
import { reportWords } from '../commands/status-text.ts';
import { type EntryWords, timelineWords } from './timeline-words.ts';

/** One boot for a person; all of it safe for a console. */
export interface BootWords {
  /** `this boot, 2026-11-28 10:00 UTC (2 hours ago)`. */
  readonly title: string;
  readonly summary: string;
  readonly tone: 'good' | 'care' | 'bad';
  /** By time, whichever stage said it. */
  readonly entries: readonly EntryWords[];
  readonly cutEntries: number;
}

/** The boots as they are read: the present one first. */
export const bootWords = (boots: readonly KeptBoot[], nowMs: number): readonly BootWords[] =>
  boots.map((boot, index) => {
    const { image, others, byHand } = boot.reports;
    const entries = [image, others, byHand].flatMap((report) =>
      report === null ? [] : timelineWords(report),
    );
    const sorted = entries.toSorted((a, b) => a.atMs - b.atMs);
    return {
      title: titleOf(boot, index === 0, nowMs),
      summary: summaryOf(boot),
      tone: boot.isWhole ? worst(sorted) : 'care',
      entries: sorted,
      cutEntries: boot.cutEntries,
    };
  });

function titleOf({ bootedAtMs }: KeptBoot, isThis: boolean, nowMs: number): string {
  if (bootedAtMs === null) return isThis ? 'this boot' : 'a boot at an unknown time';
  const date = `${utcDate(bootedAtMs)} (${ageWords(bootedAtMs, nowMs)})`;
  return isThis ? `this boot, ${date}` : `boot of ${date}`;
}

function summaryOf({ reports, isWhole }: KeptBoot): string {
  if (reports.image !== null) return reportWords(reports.image);
  return isWhole ? 'every array of root was complete; no wait' : 'not known: its report could not be read';
}

function worst(entries: readonly EntryWords[]): BootWords['tone'] {
  const tones = new Set(entries.map(({ tone }) => tone));
  return tones.has('bad') ? 'bad' : tones.has('care') ? 'care' : 'good';
}

/** Seconds since the kernel started: `12.3 s`. */
export const atWords = (atMs: number): string => `${(Math.max(0, atMs) / 1000).toFixed(1)} s`;
