import type { MdUuid } from '../../core/md/md-uuid.ts';
import {
  type EngineCost,
  formatReport,
  MAX_ENTRIES,
  MAX_REPORT_BYTES,
  parseReport,
  type Report,
} from '../../core/report/report-file.ts';
import type { Outcome, TimelineEntry } from '../../core/report/timeline.ts';
import type { Files } from '../../ports/files.ts';

/** `/run/reliable-raid/boot.json`: a timeline with reasons, carried on by every stage of one boot. */
export class BootReport {
  private timeline: TimelineEntry[];
  private outcome: Outcome | null = null;
  private engine: EngineCost | null = null;
  private changed = false;
  private writing: Promise<void> = Promise.resolve();
  private readonly files: Files;
  private readonly path: string;
  private readonly discoveryAtMs: number;
  private readonly arrays: Report['arrays'];

  private constructor(
    files: Files,
    path: string,
    discoveryAtMs: number,
    arrays: Report['arrays'],
    timeline: TimelineEntry[],
  ) {
    this.files = files;
    this.path = path;
    this.discoveryAtMs = discoveryAtMs;
    this.arrays = arrays;
    this.timeline = timeline;
  }

  /** Goes on with what an earlier stage of this boot wrote, if that can be read. */
  static async open(
    files: Files,
    path: string,
    discoveryAtMs: number,
    arrays: Report['arrays'],
  ): Promise<BootReport> {
    const text = await files.readText(path, MAX_REPORT_BYTES);
    return new BootReport(
      files,
      path,
      discoveryAtMs,
      arrays,
      text === null ? [] : [...earlierTimeline(text, path)],
    );
  }

  add(entry: TimelineEntry): void {
    if (this.timeline.length < MAX_ENTRIES) this.timeline.push(entry);
    this.changed = true;
  }

  finish(outcome: Outcome, engine: EngineCost): void {
    this.outcome = outcome;
    this.engine = engine;
    this.changed = true;
  }

  /** Arrays that an earlier stage reported as not startable. */
  toldNotStartable(): ReadonlySet<MdUuid> {
    const told = new Set<MdUuid>();
    for (const entry of this.timeline) {
      if (entry.kind === 'not-startable') told.add(entry.array);
    }
    return told;
  }

  /** Writes what has changed since the last time; a report that cannot be written never stops a boot. */
  flush(): Promise<void> {
    if (!this.changed) return this.writing;
    this.changed = false;
    const text = formatReport({
      discoveryAtMs: this.discoveryAtMs,
      outcome: this.outcome,
      engine: this.engine,
      arrays: this.arrays,
      timeline: this.timeline,
    });
    this.writing = this.writing.then(() => this.files.writeDurably(this.path, text)).catch(() => undefined);
    return this.writing;
  }
}

/** What cannot be read whole is left out: the stages of one boot are of one program. */
function earlierTimeline(text: string, path: string): readonly TimelineEntry[] {
  const parsed = parseReport(text, path);
  return parsed.ok ? parsed.value.timeline : [];
}
