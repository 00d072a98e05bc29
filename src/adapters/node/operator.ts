import type { Operator } from '../../ports/operator.ts';
import { outputFault } from './standard-output.ts';

/** Lines from standard input, read only while something is asked, so that the program can end without its end. */
export class NodeOperator implements Operator {
  private unread = '';

  async ask(prompt: string): Promise<string | null> {
    process.stdout.write(prompt);
    // The stream tells of it a turn later. What nobody could read nobody answers.
    await new Promise((resolve) => setImmediate(resolve));
    if (outputFault() !== null) return null;
    for (;;) {
      const end = this.unread.indexOf('\n');
      if (end >= 0) {
        const line = this.unread.slice(0, end);
        this.unread = this.unread.slice(end + 1);
        return line;
      }
      const more = await readMore();
      if (more === null) {
        process.stdout.write('\n');
        return null;
      }
      this.unread += more;
    }
  }
}

function readMore(): Promise<string | null> {
  const { stdin } = process;
  if (stdin.readableEnded || stdin.destroyed) return Promise.resolve(null);
  return new Promise((resolve) => {
    const finish = (text: string | null): void => {
      stdin.pause();
      stdin.off('data', onData).off('end', onEnd).off('error', onEnd);
      resolve(text);
    };
    const onData = (chunk: Buffer): void => finish(chunk.toString('utf8'));
    const onEnd = (): void => finish(null);
    stdin.on('data', onData).on('end', onEnd).on('error', onEnd);
    stdin.resume();
  });
}
