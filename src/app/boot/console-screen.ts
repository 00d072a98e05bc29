import type { Countdown, Message } from '../../core/engine/messages.ts';
import { renderCountdown, renderSecondsLeft } from '../../core/render/console/boot-messages.ts';
import { renderMessage } from '../../core/render/console/message.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Consoles, OpenConsole } from '../../ports/consoles.ts';
import type { Splash, SplashCover } from '../../ports/splash.ts';
import type { Machine } from '../machine.ts';
import { SplashMessage } from './splash-message.ts';

/** What was typed before the notice was on the screen was meant for something else; it is dropped for this long after opening. */
const TYPED_AHEAD_MS = 150;

/** What waits while a terminal is lent; older ones give way. */
const MAX_HELD_MESSAGES = 100;

/** The one in front, as the kernel calls it among its consoles; a splash has no other. */
const VIRTUAL_TERMINAL = 'tty0';

/** Who gets the terminals: a shell that a person works in, or whoever asks for a passphrase. */
export type Borrower = 'shell' | 'prompt';

/**
 * Lines and one countdown on every console: what is counted down is a line, and only the seconds below it are redrawn. The cursor
 * rests before them, so that what the kernel prints takes their place and is not joined to them. The consoles are opened with
 * the first line: a healthy boot touches none.
 *
 * Where a splash covers the virtual terminal with a picture, a message and the keys are on the picture too; the lines still go to that
 * terminal, and plymouth keeps them for whoever asks for details. A splash that only passes lines on gives way.
 */
export class ConsoleScreen {
  private open: readonly OpenConsole[] | null = null;
  private openedAtMs = 0;
  private counted: Countdown | null = null;
  private held: Message[] | null = null;
  /** The last message, said again where the terminals changed hands. */
  private standing: Message | null = null;
  private cover: 'picture' | 'gave-way' | null = null;
  private turn: Promise<void> = Promise.resolve();
  private readonly consoles: Consoles;
  private readonly splash: Splash;
  private readonly message: SplashMessage;
  private readonly clock: Clock;
  private readonly onInput: (consoleName: string, bytes: Uint8Array) => void;
  /** systemd draws its status over the line above the cursor, whatever that holds (ESC M; systemd, show-status.c): it gets an empty one. */
  private readonly statusLine: '\n' | '';

  constructor(
    { consoles, splash, clock }: Pick<Machine, 'consoles' | 'splash' | 'clock'>,
    onInput: (consoleName: string, bytes: Uint8Array) => void,
    { besideStatus = false }: { readonly besideStatus?: boolean } = {},
  ) {
    this.consoles = consoles;
    this.splash = splash;
    this.message = new SplashMessage(splash);
    this.clock = clock;
    this.onInput = onInput;
    this.statusLine = besideStatus ? '\n' : '';
  }

  say(message: Message): Promise<void> {
    return this.inTurn(() => this.sayNow(message));
  }

  drawCountdown(countdown: Countdown | null): Promise<void> {
    return this.inTurn(() => this.countNow(countdown));
  }

  /** A splash may have come, or gone: whoever sits at the virtual terminal is told what stands. */
  lookForSplash(): Promise<void> {
    return this.inTurn(async () => {
      if (this.open === null) return;
      if (this.isAsBefore(await this.splash.look())) return;
      const { standing, counted } = this;
      await this.closeNow();
      if (standing !== null) await this.sayNow(standing);
      await this.countNow(counted);
    });
  }

  /** Gives the terminals back; the next line opens them again. */
  close(): Promise<void> {
    return this.inTurn(() => this.closeNow());
  }

  /** To a shell with its greeting, or to a prompt: opened again beside it they would take what is typed there. What is said meanwhile waits for `takeBack`. */
  lend(to: Borrower, greeting: Message | null = null): Promise<void> {
    return this.inTurn(async () => {
      if (to === 'shell') await this.uncover();
      if (greeting !== null) await this.sayNow(greeting);
      await this.closeTerminals();
      if (to === 'prompt') await this.splashBack();
      this.held = [];
    });
  }

  takeBack(): Promise<void> {
    return this.inTurn(async () => {
      const held = this.held ?? [];
      this.held = null;
      for (const message of held) await this.sayNow(message);
    });
  }

  /** One after the other: what is said while the terminals change hands comes out on one side or the other. */
  private inTurn(act: () => Promise<void>): Promise<void> {
    const acted = this.turn.then(act);
    this.turn = acted.catch(() => undefined);
    return acted;
  }

  private async sayNow(message: Message): Promise<void> {
    if (this.held !== null) {
      this.held = [...this.held, message].slice(-MAX_HELD_MESSAGES);
      return;
    }
    const open = await this.ready();
    // Over with the shell.
    if (message.kind !== 'shell-greeting') this.standing = message;
    const wipe = this.wipeText();
    const text = renderMessage(message);
    const { caption, left } = this.countdown ?? { caption: null, left: '' };
    const lines = caption === null ? text : `${text}\n${caption}`;
    const again = left === '' ? '' : `${left}\r`;
    for (const console of open)
      console.write(
        // Esc is plymouth's there.
        this.isCovered(console)
          ? `${renderMessage(message, false)}\n`
          : `${wipe}${lines}\n${this.statusLine}${again}`,
      );
    if (this.cover === 'picture') await this.message.say(message);
  }

  private async countNow(countdown: Countdown | null): Promise<void> {
    if (this.held !== null || (countdown === null && this.open === null)) return;
    const open = await this.ready();
    const wipe = this.wipeText();
    const before = this.countdown?.caption;
    this.counted = countdown;
    const shown = this.countdown;
    const caption = shown === null || shown.caption === before ? '' : `${shown.caption}\n${this.statusLine}`;
    const left = shown === null ? '' : `${shown.left}\r`;
    // plymouth draws nothing in place: what is counted down is in its own message.
    for (const console of open) if (!this.isCovered(console)) console.write(`${wipe}${caption}${left}`);
    if (this.cover === 'picture') await this.message.count(countdown);
  }

  private get countdown(): { readonly caption: string; readonly left: string } | null {
    const { counted } = this;
    return counted === null ? null : { caption: renderCountdown(counted), left: renderSecondsLeft(counted) };
  }

  private isCovered({ name }: OpenConsole): boolean {
    return this.cover === 'picture' && /^tty\d/.test(name);
  }

  private wipeText(): string {
    return this.countdown === null ? '' : `\r${' '.repeat(this.countdown.left.length)}\r`;
  }

  private async ready(): Promise<readonly OpenConsole[]> {
    if (this.open !== null) return this.open;
    if (this.cover !== 'gave-way') this.cover = await this.askSplash();
    const isCovered = this.cover === 'picture';
    this.openedAtMs = this.clock.nowMs();
    const onInput = (name: string, bytes: Uint8Array): void => {
      if (this.clock.nowMs() >= this.openedAtMs + TYPED_AHEAD_MS) this.onInput(name, bytes);
    };
    this.open = await this.consoles.open(onInput, { isCovered });
    if (isCovered) await this.splash.watchKeys((bytes) => onInput(VIRTUAL_TERMINAL, bytes));
    // The generator has left the cursor behind its own "Begin: Running ...".
    for (const console of this.open) console.write('\n');
    return this.open;
  }

  /** One that gave way before it had found its screen may draw a picture all the same, once it has. */
  private isAsBefore(cover: SplashCover | null): boolean {
    if (this.cover === null) return cover === null;
    return this.cover === 'gave-way' ? cover === 'text' : cover !== null;
  }

  private async askSplash(): Promise<'picture' | 'gave-way' | null> {
    const cover = await this.splash.look();
    if (cover !== 'text') return cover;
    await this.splash.giveWay();
    return 'gave-way';
  }

  /** The virtual terminal is this program's, whatever was on it. */
  private async uncover(): Promise<void> {
    if (this.cover !== 'picture') return;
    await this.closeTerminals();
    await this.splash.giveWay();
    this.cover = 'gave-way';
  }

  private async closeNow(): Promise<void> {
    await this.closeTerminals();
    await this.splashBack();
  }

  private async closeTerminals(): Promise<void> {
    if (this.open === null) return;
    if (this.cover === 'picture') {
      await this.splash.ignoreKeys();
      await this.message.end();
      this.cover = null;
    }
    await this.countNow(null);
    this.open = null;
    await this.consoles.close();
  }

  private async splashBack(): Promise<void> {
    if (this.cover !== 'gave-way') return;
    this.cover = null;
    await this.splash.comeBack();
  }
}
