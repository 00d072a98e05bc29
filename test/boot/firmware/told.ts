// What `explain --json` said on the machine before a power-on.
import { gunzipSync } from 'node:zlib';
import type { BootStage } from '../../../src/core/inspect/finding.ts';
import type { SerialShell } from '../vm/serial-shell.ts';
import { diskLink } from './firmware-layout.ts';

interface ToldStage {
  readonly stage: BootStage;
  readonly verdict: 'goes-on' | 'asks' | 'stops' | 'unknown';
  readonly findings: readonly {
    readonly grade: string;
    readonly code: string;
    readonly text: string;
    readonly waitMs?: number | null;
  }[];
}

export interface ToldCase {
  readonly without: readonly { readonly serial: string | null }[];
  readonly outcome: 'up' | 'asks' | 'stops';
  readonly stopsAt: BootStage | null;
  readonly stages: readonly ToldStage[];
  readonly rootAfterMs: number | null;
}

export interface Explained {
  /** Of `explain --each`. */
  readonly status: number;
  readonly text: string;
  readonly cases: readonly ToldCase[];
  /** Seconds that one `explain` takes there. */
  readonly seconds: number;
}

/** A serial line is slow: what is long comes packed. */
async function read(shell: SerialShell, command: string): Promise<{ status: number; text: string }> {
  const packed = `${command} >/run/told 2>&1; status=$?; gzip -9 </run/told | base64 -w0; rm /run/told; exit $status`;
  const { code, output } = await shell.run(`( ${packed} )`, 300);
  return { status: code, text: gunzipSync(Buffer.from(output.trim(), 'base64')).toString() };
}

/**
 * Asks the running machine about each of its disks. `--each` has a case for every disk that it takes for needed, the same as `--without`
 * has; any other is asked about by the link that a person would use.
 */
export async function askExplain(shell: SerialShell, disks: readonly string[]): Promise<Explained> {
  const startedAtMs = performance.now();
  const { status, text } = await read(shell, 'reliable-raid explain --each');
  const seconds = (performance.now() - startedAtMs) / 1000;
  const cases = [...casesIn((await read(shell, 'reliable-raid explain --each --json')).text)];
  for (const disk of disks) {
    if (caseWithout({ cases }, disk) !== undefined) continue;
    cases.push(
      ...casesIn((await read(shell, `reliable-raid explain --json --without ${diskLink(disk)}`)).text),
    );
  }
  return { status, text, cases, seconds };
}

function casesIn(text: string): readonly ToldCase[] {
  const begin = text.indexOf('{');
  try {
    const { cases } = JSON.parse(text.slice(begin)) as { readonly cases: readonly ToldCase[] };
    if (cases.length > 0) return cases;
  } catch {}
  throw new Error(`explain said no JSON: ${text.slice(0, 2000)}`);
}

/** The case without this disk, or with all of them. */
export const caseWithout = ({ cases }: Pick<Explained, 'cases'>, disk: string | null): ToldCase | undefined =>
  cases.find(({ without }) =>
    disk === null ? without.length === 0 : without.length === 1 && without[0]?.serial === disk,
  );

/** The commands that a person is told to type, as they are printed: the lines that go in by eight columns. */
export async function printedCommands(shell: SerialShell): Promise<readonly string[]> {
  const { text } = await read(shell, 'reliable-raid explain --each');
  return [...new Set(text.split('\n').flatMap((line) => /^ {8}(\S.*)$/.exec(line)?.[1] ?? []))];
}
