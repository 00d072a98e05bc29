import type { Runner, RunResult } from '../../src/ports/runner.ts';

/** A runner that starts nothing, writes down each call, and answers as told; without an answer the program is not there. */
export function answeringRunner(
  answers: (argv: readonly string[]) => Partial<RunResult> | null = () => null,
): Runner & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    run: async (argv) => {
      calls.push(argv.join(' '));
      const answer = answers(argv) ?? { status: null, error: `spawn ${argv[0]} ENOENT` };
      return { argv, status: 0, stdout: '', stderr: '', error: null, ...answer };
    },
  };
}
