import { type ExaminedMember, parseMdadmExamine } from '../../core/parse/mdadm-examine.ts';
import type { Runner } from '../../ports/runner.ts';

const EXAMINE_MS = 10_000;

/** What mdadm says of a disk of an IMSM or DDF container; null where it cannot tell, or what it says does not fit together. */
export async function examineMember(runner: Runner, path: string): Promise<ExaminedMember | null> {
  const ask = async (...options: readonly string[]): Promise<string | null> => {
    const { status, stdout } = await runner.run(['mdadm', '--examine', ...options, path], {
      timeoutMs: EXAMINE_MS,
    });
    return status === 0 ? stdout : null;
  };
  const [text, brief] = await Promise.all([ask(), ask('--brief', '--verbose')]);
  const examined = text === null || brief === null ? null : parseMdadmExamine(text, brief, path);
  return examined?.ok ? examined.value : null;
}
