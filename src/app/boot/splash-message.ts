import type { Countdown, Message } from '../../core/engine/messages.ts';
import { asksForKeys, splashLines } from '../../core/render/console/splash-lines.ts';
import type { Splash } from '../../ports/splash.ts';

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
    if (countdown === null && this.countdown !== null && this.said !== this.asked) this.asked = null;
    this.countdown = countdown;
    // Where its lines are shown instead of a picture, each message is one more line: the seconds would fill the screen.
    if (countdown === null || (await this.splash.look()) === 'picture') await this.show();
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
