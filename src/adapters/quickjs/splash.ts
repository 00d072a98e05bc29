import * as host from 'host';
import type { Splash, SplashCover } from '../../ports/splash.ts';
import type { EventLoop } from './event-loop.ts';
import {
  type PlymouthReply,
  type PlymouthRequest,
  REQUEST,
  requestText,
  takeReply,
} from './plymouth-protocol.ts';

/**
 * Who only tells or looks waits no longer for an answer; it may still come. On a slow machine plymouthd is busy for seconds when it loads a
 * theme, or draws the lines of the boot.
 */
const PATIENCE_MS = 2_000;

/** A plymouthd that has not answered by then is not asked again: the boot goes on without it. */
const DEAF_MS = 30_000;

const LATE = 'late';

/** Those with a meaning at a countdown or a question. Esc is plymouth's own: it shows the lines of the boot, and hides them again. */
const KEYS = 'dDyYnN123456789';

/** plymouth tells of Return apart, by the line that it ends. */
const RETURN = '\n';
const CARRIAGE_RETURN = 13;

export interface SplashPlaces {
  readonly dev: string;
  /** plymouthd's abstract address. */
  readonly address: string;
}

/** plymouth, as its own client speaks to it. */
export class QuickjsSplash implements Splash {
  private shown = '';
  private isDeaf = false;
  /** Requests whose answers are late. */
  private late = 0;
  private cover: SplashCover | null = null;
  private hasHidden = false;
  private watches: readonly KeyWatch[] = [];
  private readonly loop: EventLoop;
  private readonly places: SplashPlaces;
  private readonly terminal: string;

  constructor(loop: EventLoop, places: SplashPlaces) {
    this.loop = loop;
    this.places = places;
    this.terminal = `${places.dev}/tty0`;
  }

  /** While plymouthd is busy it is as it was. */
  async look(): Promise<SplashCover | null> {
    if (this.late > 0) return this.cover;
    const answer = await this.ask(REQUEST.ping);
    if (answer === LATE) return this.cover;
    this.cover = answer?.kind !== 'done' ? null : host.showsPicture(this.terminal) ? 'picture' : 'text';
    return this.cover;
  }

  async show(lines: readonly string[]): Promise<void> {
    const text = lines.join('\n');
    if (text === this.shown) return;
    // First: some themes have one place for all messages, and hiding any empties it.
    if (this.shown !== '') await this.ask(REQUEST.hideMessage, this.shown);
    this.shown = text;
    await this.ask(REQUEST.showMessage, text);
    // Others (those of two-step) hide none: an empty one takes its place.
    if (text === '') await this.ask(REQUEST.hideMessage, text);
  }

  async watchKeys(onInput: (bytes: Uint8Array) => void): Promise<void> {
    await this.ignoreKeys();
    this.watches = [
      new KeyWatch(this.loop, this.places.address, KEYS, onInput),
      new KeyWatch(this.loop, this.places.address, RETURN, () => onInput(Uint8Array.of(CARRIAGE_RETURN))),
    ];
  }

  async ignoreKeys(): Promise<void> {
    const { watches } = this;
    this.watches = [];
    for (const watch of watches) {
      watch.end();
      // It would take the next such key, whoever that is typed for.
      await this.mustBeDone(REQUEST.ignoreKeys, watch.keys);
    }
  }

  /** To deactivate alone is for a display server that takes the picture over: it would stay, frozen, over what is written. */
  async giveWay(): Promise<void> {
    this.hasHidden = host.showsPicture(this.terminal);
    if (this.hasHidden) await this.mustBeDone(REQUEST.hideSplash);
    await this.mustBeDone(REQUEST.deactivate);
    // While it still looks for a screen there is nothing to hide, and the terminal is in graphics mode already.
    if (host.showsPicture(this.terminal)) host.showText(this.terminal);
  }

  async comeBack(): Promise<void> {
    await this.ask(REQUEST.reactivate);
    if (this.hasHidden) await this.ask(REQUEST.showSplash);
    this.hasHidden = false;
  }

  /** Before somebody else has the terminal: what plymouth does later would be done to them. */
  private async mustBeDone(request: PlymouthRequest, argument?: string): Promise<void> {
    await this.ask(request, argument, DEAF_MS);
  }

  /** Null: nobody listens, or nobody answers. */
  private ask(
    request: PlymouthRequest,
    argument?: string,
    // Behind one that is late, none is waited for.
    patienceMs: number = this.late > 0 ? 0 : PATIENCE_MS,
  ): Promise<PlymouthReply | typeof LATE | null> {
    const fd = this.isDeaf ? -1 : host.connect(this.places.address);
    if (fd < 0) return Promise.resolve(null);
    return new Promise((resolve) => {
      let isLate = false;
      const end = (reply: PlymouthReply | null): void => {
        stopWaiting();
        stopListening();
        this.loop.onReadable(fd, null);
        host.close(fd);
        if (isLate) this.late -= 1;
        resolve(reply);
      };
      const stopWaiting = this.loop.after(patienceMs, () => {
        isLate = true;
        this.late += 1;
        resolve(LATE);
      });
      const stopListening = this.loop.after(DEAF_MS, () => {
        this.isDeaf = true;
        this.cover = null;
        end(null);
      });
      this.loop.onReadable(fd, () => {
        const bytes = host.read(fd, 256);
        end(typeof bytes === 'number' ? null : (takeReply(new Uint8Array(bytes))?.reply ?? null));
      });
      if (host.write(fd, requestText(request, argument), 0) < 0) end(null);
    });
  }
}

/** plymouth tells of one key and forgets the watch: it is asked again each time, on the same connection. */
class KeyWatch {
  readonly keys: string;
  private fd: number;
  private received = new Uint8Array();
  private readonly loop: EventLoop;
  private readonly onInput: (bytes: Uint8Array) => void;

  constructor(loop: EventLoop, address: string, keys: string, onInput: (bytes: Uint8Array) => void) {
    this.loop = loop;
    this.keys = keys;
    this.onInput = onInput;
    this.fd = host.connect(address);
    if (this.fd < 0) return;
    loop.onReadable(this.fd, () => this.hear());
    this.watch();
  }

  end(): void {
    if (this.fd < 0) return;
    this.loop.onReadable(this.fd, null);
    host.close(this.fd);
    this.fd = -1;
  }

  private watch(): void {
    if (host.write(this.fd, requestText(REQUEST.watchKeys, this.keys), 0) < 0) this.end();
  }

  private hear(): void {
    const bytes = host.read(this.fd, 4_096);
    if (typeof bytes === 'number' || bytes.byteLength === 0) {
      this.end();
      return;
    }
    this.received = joined(this.received, new Uint8Array(bytes));
    for (let next = takeReply(this.received); next !== null; next = takeReply(this.received)) {
      this.received = next.rest.slice();
      if (next.reply.kind !== 'answer') continue;
      this.watch();
      this.onInput(next.reply.bytes);
    }
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
