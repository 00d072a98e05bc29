// Plays back what test/boot/real-kernel/record-machine wrote.

import { type FactSources, REAL_PATHS } from '../../src/app/machine.ts';
import { parseLsblkJson } from '../../src/core/parse/lsblk-json.ts';
import type { Files } from '../../src/ports/files.ts';
import type { Runner, RunResult } from '../../src/ports/runner.ts';

/** Contents by path, as a test puts them on top of a recording. */
export type TextFiles = Readonly<Record<string, string>>;

/** Names in folders, by the path of the folder. */
export type Folders = Readonly<Record<string, readonly string[]>>;

export interface RecordedMachine extends FactSources {
  /** Every command that was run. */
  readonly calls: readonly (readonly string[])[];
}

/** A machine of recorded files, with `texts` (fstab and the like) added. */
export function recordedMachine(
  recording: TextFiles,
  texts: TextFiles,
  folders: Folders = {},
): RecordedMachine {
  const calls: (readonly string[])[] = [];
  const runner: Runner = {
    run: async (argv) => {
      calls.push(argv);
      return answer(argv, recording);
    },
  };
  return { runner, files: recordedFiles(recording, texts, folders), paths: REAL_PATHS, calls };
}

function answer(argv: readonly string[], recording: TextFiles): RunResult {
  const [program = ''] = argv;
  const said = (stdout: string | undefined): RunResult =>
    stdout === undefined
      ? { argv, status: null, stdout: '', stderr: '', error: 'not found' }
      : { argv, status: 0, stdout, stderr: '', error: null };
  if (program === 'mdadm') {
    const arrays = argv.filter((word) => word.startsWith('/dev/')).map((path) => path.slice('/dev/'.length));
    return said(arrays.map((array) => recording[`mdadm-${array}.txt`] ?? '').join(''));
  }
  return said(recording[program === 'lsblk' ? 'lsblk.json' : `${program}.txt`]);
}

function recordedFiles(recording: TextFiles, extra: TextFiles, folders: Folders): Files {
  const lists = new Map<string, readonly string[]>(Object.entries(folders));
  const links = new Map<string, { target: string; real: string }>();
  const texts = new Map(Object.entries(extra));
  for (const line of (recording['files.txt'] ?? '').split('\n')) {
    const [kind, path = '', ...rest] = line.split(' ');
    if (kind === 'list')
      lists.set(
        path,
        rest.filter((word) => word !== ''),
      );
    if (kind === 'link') links.set(path, { target: rest[0] ?? '', real: rest[1] ?? '' });
    if (kind === 'text') texts.set(path, `${rest.join(' ')}\n`);
  }
  const blocks = new Map<string, Uint8Array>();
  for (const line of (recording['blocks.txt'] ?? '').split('\n')) {
    const [device = '', offset = '', base64 = ''] = line.split(' ');
    const block = new Uint8Array(4096);
    block.set(Buffer.from(base64.padEnd(Math.ceil(base64.length / 4) * 4, 'A'), 'base64').subarray(0, 4096));
    blocks.set(`${device} ${offset}`, block);
  }
  const numbers = recordedNumbers(recording['lsblk.json'] ?? '');
  const devices = new Set([...blocks.keys()].map((key) => key.split(' ')[0]));
  return {
    readText: async (path) => texts.get(path) ?? null,
    readTextOrReason: async (path) => {
      const text = texts.get(path);
      return text === undefined ? { reason: 'missing', detail: 'no such file' } : { text };
    },
    readBytes: async (path, offset) =>
      blocks.get(`${path} ${offset}`) ?? (devices.has(path) ? new Uint8Array(4096) : null),
    readFile: async (path, maxBytes) => {
      const text = texts.get(path);
      return text === undefined ? null : new TextEncoder().encode(text).subarray(0, maxBytes);
    },
    list: async (path) => lists.get(path) ?? [],
    readLink: async (path) => links.get(path)?.target ?? null,
    realPath: async (path) => links.get(path)?.real ?? path,
    deviceNumber: async (path) => numbers.get(links.get(path)?.real ?? path) ?? null,
    exists: async (path) => texts.has(path) || lists.has(path),
    writeDurably: async (path) => Promise.reject(new Error(`${path}: a recording cannot be written`)),
    writeValue: async (path) => Promise.reject(new Error(`${path}: a recording cannot be written`)),
    makeFolder: async (path) => Promise.reject(new Error(`${path}: a recording cannot be written`)),
    createLink: async (path) => Promise.reject(new Error(`${path}: a recording cannot be written`)),
    remove: async (path) => Promise.reject(new Error(`${path}: a recording cannot be written`)),
  };
}

/** `major:minor` by the path that lsblk has and by the kernel's own. */
function recordedNumbers(lsblk: string): ReadonlyMap<string, string> {
  const parsed = parseLsblkJson(lsblk);
  const devices = parsed.ok ? parsed.value : [];
  return new Map(
    devices.flatMap(({ device, path, majorMinor }) =>
      majorMinor === null ? [] : [path, `/dev/${device}`].map((node) => [node, majorMinor] as const),
    ),
  );
}
