import * as host from 'host';
import type { Operator } from '../../ports/operator.ts';
import type { EventLoop } from './event-loop.ts';
import { outputFault, STDOUT, writeText } from './standard-output.ts';

const STDIN = 0;

/** More than a person types in a line; what is beyond is cut off. */
const MAX_BYTES = 4_096;

/** Lines from standard input, read only while something is asked. */
export class QuickjsOperator implements Operator {
  private unread = '';
  private readonly loop: EventLoop;

  constructor(loop: EventLoop) {
    this.loop = loop;
  }

  async ask(prompt: string): Promise<string | null> {
    writeText(STDOUT, prompt);
    // What nobody could read nobody answers.
    if (outputFault() !== 0) return null;
    for (;;) {
      const end = this.unread.indexOf('\n');
      if (end >= 0) {
        const line = this.unread.slice(0, end);
        this.unread = this.unread.slice(end + 1);
        return line;
      }
      const more = await this.readMore();
      if (more === null || this.unread.length > MAX_BYTES) {
        writeText(STDOUT, '\n');
        return null;
      }
      this.unread += more;
    }
  }

  private readMore(): Promise<string | null> {
    return new Promise((resolve) => {
      this.loop.onReadable(STDIN, () => {
        this.loop.onReadable(STDIN, null);
        const bytes = host.read(STDIN, MAX_BYTES);
        const ended = typeof bytes === 'number' || bytes.byteLength === 0;
        resolve(ended ? null : host.decodeUtf8(bytes, 0, bytes.byteLength));
      });
    });
  }
}
