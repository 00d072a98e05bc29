// What a case on the machine of gate-machine said of itself, beside what was expected.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runUnderUml, type UmlJob } from '../guest/uml.ts';

export interface MachineCase {
  readonly name: string;
  /** Shell, with the words of gate-machine; what it says (`say NAME VALUE`) is compared with `expect`. */
  readonly script: string;
  readonly expect: Readonly<Record<string, string | RegExp>>;
  /** Much like another one: only in a run of everything. */
  readonly alike?: true;
  /** The full program is needed, not only the boot engine. */
  readonly program?: true;
}

interface Surroundings {
  readonly suite: string;
  readonly disks: number;
  /** Of each; 24M unless said otherwise. */
  readonly diskSize?: string;
  /** What it said is printed, good or not. */
  readonly show: boolean;
  /** Shell words of the program's own. */
  readonly words?: string;
  readonly files?: UmlJob['files'];
  readonly kernelArguments?: readonly string[];
  readonly memory?: string;
  readonly timeoutSeconds?: number;
}

const project = fileURLToPath(new URL('../../..', import.meta.url));
const machine = readFileSync(new URL('gate-machine', import.meta.url), 'utf8');

/** Read only where something is not as expected. */
const lastLook = `set +x
{ cat /proc/mdstat; udevadm info --export-db | grep -A99 'P: .*/block/'; dmesg | tail -40; } >out/machine 2>&1`;

/** Null when everything was as expected; else lines that say what was not. */
export async function judgeOnMachine(
  { script, expect, program }: MachineCase,
  {
    suite,
    disks,
    diskSize = '24M',
    show,
    words = '',
    files: own = {},
    kernelArguments = [],
    memory,
    timeoutSeconds = 120,
  }: Surroundings,
): Promise<string | null> {
  const { code, stderr, files } = await runUnderUml({
    suite,
    kernelArguments,
    disks: Array.from({ length: disks }, () => ({ size: diskSize })),
    input: [
      join(project, 'dist/reliable-raid-boot'),
      join(project, 'udev/63-reliable-raid.rules'),
      ...(program ? [join(project, 'dist/reliable-raid')] : []),
    ],
    files: { 'gate-machine': machine, ...own },
    ...(memory === undefined ? {} : { memory }),
    timeoutSeconds,
    script: `. /run/job/prepare >/dev/null 2>&1\n. /run/job/gate-machine\n${words}\nset -x\n${script}\n${lastLook}`,
  });
  const said = files['facts'] ?? '';
  const facts = new Map(
    said.split('\n').map((line) => {
      const equals = line.indexOf('=');
      return [line.slice(0, equals), line.slice(equals + 1)] as const;
    }),
  );
  if (show) process.stdout.write(said);
  const wrong = Object.entries(expect).filter(([name, wanted]) => {
    const found = facts.get(name);
    return found === undefined || !(typeof wanted === 'string' ? found === wanted : wanted.test(found));
  });
  if (code === 0 && wrong.length === 0) return null;
  const named = wrong.map(([name, wanted]) => `  ${name}: ${facts.get(name)}, wanted ${wanted}\n`);
  return `  status ${code}\n${named.join('')}${said}\n${stderr}\n${files['machine'] ?? ''}\n`;
}
