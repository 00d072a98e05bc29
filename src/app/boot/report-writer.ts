import type { Outcome, TimelineEntry } from '../../core/engine/effects.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import { asciiJson } from '../../core/text/ascii-json.ts';
import type { Files } from '../../ports/files.ts';

export const REPORT_SCHEMA = 'reliable-raid/boot/1';

export interface EngineCost {
  /** To 10 ms (field 22 of /proc/self/stat). */
  readonly processStartedAtMs: number | null;
  /** The first look at the devices had been judged. */
  readonly firstDecisionAtMs: number | null;
  /** The most memory that it had resident (VmHWM). */
  readonly peakMemoryKiB: number | null;
}

interface ReportText {
  readonly schema: typeof REPORT_SCHEMA;
  /** All times: milliseconds since the kernel started (CLOCK_MONOTONIC). */
  readonly discoveryAtMs: number;
  /** Null while the engine runs, or when it ended without saying so. */
  readonly outcome: Outcome | null;
  /** What the engine itself cost, once it has finished. */
  readonly engine: EngineCost | null;
  readonly arrays: readonly { readonly uuid: MdUuid; readonly name: string }[];
  readonly timeline: readonly TimelineEntry[];
}

/** Entries kept: a machine whose disks come and go must not fill /run. */
const MAX_ENTRIES = 4_000;

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
  private readonly arrays: ReportText['arrays'];

  private constructor(
    files: Files,
    path: string,
    discoveryAtMs: number,
    arrays: ReportText['arrays'],
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
    arrays: ReportText['arrays'],
  ): Promise<BootReport> {
    const text = await files.readText(path, 4 * 1024 * 1024);
    return new BootReport(files, path, discoveryAtMs, arrays, text === null ? [] : earlierTimeline(text));
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

  /** Arrays of which an earlier stage said that they cannot be started. */
  toldNotStartable(): ReadonlySet<MdUuid> {
    const told = new Set<MdUuid>();
    for (const entry of this.timeline) {
      if (entry.kind === 'not-startable' && entry.array !== undefined) told.add(entry.array);
    }
    return told;
  }

  /** Writes what has changed since the last time; a report that cannot be written never stops a boot. */
  flush(): Promise<void> {
    if (!this.changed) return this.writing;
    this.changed = false;
    const report: ReportText = {
      schema: REPORT_SCHEMA,
      discoveryAtMs: this.discoveryAtMs,
      outcome: this.outcome,
      engine: this.engine,
      arrays: this.arrays,
      timeline: this.timeline,
    };
    const text = `${asciiJson(report)}\n`;
    this.writing = this.writing.then(() => this.files.writeDurably(this.path, text)).catch(() => undefined);
    return this.writing;
  }
}

function earlierTimeline(text: string): TimelineEntry[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !('timeline' in parsed)) return [];
    const { timeline } = parsed;
    if (!Array.isArray(timeline)) return [];
    return timeline.filter(
      (entry): entry is TimelineEntry =>
        typeof entry === 'object' &&
        entry !== null &&
        typeof entry.atMs === 'number' &&
        typeof entry.kind === 'string',
    );
  } catch {
    return [];
  }
}
