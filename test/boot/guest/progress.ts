// One line when a long step begins, one with its duration when it ends; on stderr, results go to stdout.
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  say(`${what} ...`);
  try {
    const result = await work();
    say(`${what}: ${seconds(performance.now() - started)}`);
    return result;
  } catch (error) {
    say(`${what}: FAILED after ${seconds(performance.now() - started)}`);
    throw error;
  }
}

export function say(text: string): void {
  process.stderr.write(`  ${text}\n`);
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
