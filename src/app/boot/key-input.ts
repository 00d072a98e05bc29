import type { Key } from '../../core/keys/key.ts';
import { KeyScanner } from '../../core/keys/key-scanner.ts';
import type { Clock } from '../../ports/clock.ts';

/** Long enough for the program to have looked once more whether something was typed. */
const LAST_LOOK_MS = 10;

interface Line {
  readonly scanner: KeyScanner;
  cancel: () => void;
}

/**
 * Keys typed on the consoles. This program may have been busy while the rest of a sequence came: so bytes that are read before
 * the silence was confirmed count as having come in time, and the silence is confirmed only after one more look.
 */
export class KeyInput {
  private readonly lines = new Map<string, Line>();
  private readonly clock: Clock;
  private readonly onKey: (key: Key, consoleName: string) => void;

  constructor(clock: Clock, onKey: (key: Key, consoleName: string) => void) {
    this.clock = clock;
    this.onKey = onKey;
  }

  take(consoleName: string, bytes: Uint8Array): void {
    const line = this.lines.get(consoleName) ?? { scanner: new KeyScanner(), cancel: () => undefined };
    this.lines.set(consoleName, line);
    line.cancel();
    const nowMs = this.clock.nowMs();
    const pendingUntilMs = line.scanner.pendingUntilMs();
    const atMs = pendingUntilMs === null ? nowMs : Math.min(nowMs, pendingUntilMs - 1);
    for (const key of line.scanner.feed(bytes, atMs)) this.onKey(key, consoleName);
    this.confirmSilence(line, consoleName);
  }

  private confirmSilence(line: Line, consoleName: string): void {
    const untilMs = line.scanner.pendingUntilMs();
    if (untilMs === null) return;
    line.cancel = this.clock.after(Math.max(1, untilMs - this.clock.nowMs()), () => {
      line.cancel = this.clock.after(LAST_LOOK_MS, () => {
        const nowMs = Math.max(this.clock.nowMs(), untilMs);
        for (const key of line.scanner.flush(nowMs)) this.onKey(key, consoleName);
      });
    });
  }
}
