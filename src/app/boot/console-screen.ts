import type { Countdown, Message } from '../../core/engine/messages.ts';
import { renderCountdown, renderSecondsLeft } from '../../core/render/console/boot-messages.ts';
import { renderMessage } from '../../core/render/console/message.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Consoles, OpenConsole } from '../../ports/consoles.ts';

/** What was typed before the notice was on the screen was meant for something else; it is dropped for this long after opening. */
const TYPED_AHEAD_MS = 150;

/** Lines that wait while a terminal is lent; older ones give way. */
const MAX_HELD_LINES = 100;

/**
 * Lines and one countdown on every console: what is counted down is a line, and only the seconds below it are redrawn. The cursor
 * rests before them, so that what the kernel prints takes their place and is not joined to them. The consoles are opened with
 * the first line: a healthy boot touches none.
 */
export class ConsoleScreen {
  private open: readonly OpenConsole[] | null = null;
  private openedAtMs = 0;
  private countdown: { readonly caption: string; readonly left: string } | null = null;
  private held: string[] | null = null;
  private readonly consoles: Consoles;
  private readonly clock: Clock;
  private readonly onInput: (consoleName: string, bytes: Uint8Array) => void;
  /** systemd draws its status over the line above the cursor, whatever that holds (ESC M; systemd, show-status.c): it gets an empty one. */
  private readonly statusLine: '\n' | '';

  constructor(
    consoles: Consoles,
    clock: Clock,
    onInput: (consoleName: string, bytes: Uint8Array) => void,
    { besideStatus = false }: { readonly besideStatus?: boolean } = {},
  ) {
    this.consoles = consoles;
    this.clock = clock;
    this.onInput = onInput;
    this.statusLine = besideStatus ? '\n' : '';
  }

  say(message: Message): Promise<void> {
    return this.show(renderMessage(message));
  }

  async show(text: string): Promise<void> {
    if (this.held !== null) {
      this.held = [...this.held, text].slice(-MAX_HELD_LINES);
      return;
    }
    const wipe = this.wipeText();
    const { caption, left } = this.countdown ?? { caption: null, left: '' };
    const lines = caption === null ? text : `${text}\n${caption}`;
    const again = left === '' ? '' : `${left}\r`;
    for (const console of await this.ready()) console.write(`${wipe}${lines}\n${this.statusLine}${again}`);
  }

  async drawCountdown(countdown: Countdown | null): Promise<void> {
    if (this.held !== null || (countdown === null && this.open === null)) return;
    const wipe = this.wipeText();
    const before = this.countdown?.caption;
    this.countdown =
      countdown === null ? null : { caption: renderCountdown(countdown), left: renderSecondsLeft(countdown) };
    const caption =
      this.countdown === null || this.countdown.caption === before
        ? ''
        : `${this.countdown.caption}\n${this.statusLine}`;
    const left = this.countdown === null ? '' : `${this.countdown.left}\r`;
    for (const console of await this.ready()) console.write(`${wipe}${caption}${left}`);
  }

  /** Gives the terminals back; the next line opens them again. */
  async close(): Promise<void> {
    if (this.open === null) return;
    await this.drawCountdown(null);
    this.open = null;
    await this.consoles.close();
  }

  /** To a shell: opened again beside it they would take what is typed there. What is shown meanwhile waits for `takeBack`. */
  async lend(): Promise<void> {
    await this.close();
    this.held = [];
  }

  async takeBack(): Promise<void> {
    const held = this.held ?? [];
    this.held = null;
    for (const text of held) await this.show(text);
  }

  private wipeText(): string {
    return this.countdown === null ? '' : `\r${' '.repeat(this.countdown.left.length)}\r`;
  }

  private async ready(): Promise<readonly OpenConsole[]> {
    if (this.open !== null) return this.open;
    this.openedAtMs = this.clock.nowMs();
    this.open = await this.consoles.open((name, bytes) => {
      if (this.clock.nowMs() >= this.openedAtMs + TYPED_AHEAD_MS) this.onInput(name, bytes);
    });
    // The generator has left the cursor behind its own "Begin: Running ...".
    for (const console of this.open) console.write('\n');
    return this.open;
  }
}
