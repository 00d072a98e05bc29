import { type Countdown, type Message, secondsLeft } from '../../core/engine/messages.ts';
import { asksForKeys, splashLines } from '../../core/render/console/splash-lines.ts';
import type { Splash } from '../../ports/splash.ts';

/**
 * In the details that Esc shows, each message is more lines: one for each second would push the notice out of the screen. plymouth does not say
 * what it shows; where it draws the details itself, the terminal is in graphics mode as well.
 */
const isRedrawn = (countdown: Countdown): boolean => {
  const left = secondsLeft(countdown);
  return left <= 5 || left % 5 === 0;
};

/** What stands on the splash: the last message, the keys of the last one that named any, and the seconds. */
export class SplashMessage {
  private said: Message | null = null;
  private asked: Message | null = null;
  private countdown: Countdown | null = null;
  private readonly splash: Splash;

  constructor(splash: Splash) {
    this.splash = splash;
  }

  say(message: Message): Promise<void> {
    this.said = message;
    if (asksForKeys(message)) this.asked = message;
    // A choice that was taken back leaves the question; a notice holds until nothing is counted down any more.
    else if (this.countdown === null && message.kind !== 'confirm' && message.kind !== 'withdrawn')
      this.asked = null;
    return this.show();
  }

  async count(countdown: Countdown | null): Promise<void> {
    const before = this.countdown;
    if (countdown === null && before !== null && this.said !== this.asked) this.asked = null;
    this.countdown = countdown;
    if (countdown?.what !== before?.what || (countdown !== null && isRedrawn(countdown))) await this.show();
  }

  /** Takes it away. What runs degraded is left for whoever looks at the picture until the system is up: nothing else tells there. */
  async end(): Promise<void> {
    const stays = this.said?.kind === 'runs-degraded';
    this.said = null;
    this.asked = null;
    this.countdown = null;
    if (!stays) await this.splash.show([]);
  }

  private async show(): Promise<void> {
    if (this.said === null) return;
    const { said, asked, countdown } = this;
    await this.splash.show(splashLines({ said, asked, countdown }));
  }
}
