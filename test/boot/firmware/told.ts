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
    readonly commands: readonly string[];
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

/** Asks the running machine once for each of its disks, by the links that a person would use. */
export async function askExplain(shell: SerialShell, disks: readonly string[]): Promise<Explained> {
  const { status, text } = await read(shell, 'reliable-raid explain --each');
  const cases: ToldCase[] = [];
  const startedAtMs = performance.now();
  for (const disk of [null, ...disks]) {
    const told = await read(
      shell,
      `reliable-raid explain --json${disk === null ? '' : ` --without ${diskLink(disk)}`}`,
    );
    cases.push(caseIn(told.text));
  }
  const seconds = (performance.now() - startedAtMs) / 1000 / (disks.length + 1);
  return { status, text, cases, seconds };
}

function caseIn(text: string): ToldCase {
  const begin = text.indexOf('{');
  try {
    const { cases } = JSON.parse(text.slice(begin)) as { readonly cases: readonly ToldCase[] };
    const [first] = cases;
    if (first !== undefined) return first;
  } catch {}
  throw new Error(`explain said no JSON: ${text.slice(0, 2000)}`);
}

/** The case without this disk, or with all of them. */
export const caseWithout = ({ cases }: Explained, disk: string | null): ToldCase | undefined =>
  cases.find(({ without }) =>
    disk === null ? without.length === 0 : without.length === 1 && without[0]?.serial === disk,
  );

/** The commands that a person is told to type, each of which stands on a line of its own. */
export function printedCommands({ text, cases }: Explained): readonly string[] {
  const lines = new Set(text.split('\n').map((line) => line.trim()));
  const named = cases.flatMap(({ stages }) =>
    stages.flatMap(({ findings }) => findings.flatMap(({ commands }) => commands)),
  );
  for (const command of named)
    if (!lines.has(command)) throw new Error(`explain --each does not print: ${command}`);
  return [...new Set(named)];
}
