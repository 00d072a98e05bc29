import type { Metadata } from '../../src/core/md/superblock.ts';
import type { Corpus } from './corpus.ts';
import { mutateText } from './mutate.ts';
import { Random } from './random.ts';
import { type SuperblockSample, tryJudging, trySuperblock } from './superblock-targets.ts';
import { TEXT_TARGETS, type TextTarget } from './text-targets.ts';

/** One parser under test: each call makes an input of its own and gives what is wrong, or null. */
export interface Target {
  readonly name: string;
  /** How many of the cases are its, in relation to the others. */
  readonly share: number;
  readonly run: (random: Random) => string | null;
}

export interface Fault {
  readonly target: string;
  readonly caseNumber: number;
  readonly why: string;
}

/** Superblocks first: whoever plugs a disk in writes them. Files of the machine are its administrator's. */
export function targetsOf(
  corpus: Corpus,
  further: Readonly<Record<string, TextTarget>> = {},
): readonly Target[] {
  const samples = corpus.superblocks.map(
    ({ metadata, deviceBytes, hex }): SuperblockSample => ({
      metadata: metadata as Metadata,
      deviceBytes,
      bytes: fromHex(hex),
    }),
  );
  const ofText = ([name, target]: readonly [string, TextTarget]): Target => {
    const texts = corpus.texts[name] ?? [''];
    const others = Object.values(corpus.texts).flat();
    return {
      name,
      share: 1,
      run: (random) => target(mutateText(random, random.pick(texts), random.once(4) ? others : texts)),
    };
  };
  return [
    { name: 'superblock', share: 16, run: (random) => trySuperblock(random, samples) },
    { name: 'judging', share: 2, run: (random) => tryJudging(random, samples) },
    ...Object.entries({ ...TEXT_TARGETS, ...further }).map(ofText),
  ];
}

/** Cases in turn; each is the same again for the same seed, target and number, whatever ran before it. */
export function fuzz(
  targets: readonly Target[],
  cases: number,
  seed: number,
  begin: (target: number, caseNumber: number) => void = () => undefined,
): readonly Fault[] {
  const faults: Fault[] = [];
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  for (const [index, target] of targets.entries()) {
    const own = Math.ceil((cases * target.share) / shares);
    for (let caseNumber = 0; caseNumber < own; caseNumber++) {
      begin(index, caseNumber);
      const why = runCase(target, seed, caseNumber);
      if (why !== null) faults.push({ target: target.name, caseNumber, why });
    }
  }
  return faults;
}

export function runCase(target: Target, seed: number, caseNumber: number): string | null {
  const random = new Random(seed, hashOf(target.name), caseNumber);
  try {
    return target.run(random);
  } catch (error) {
    return `threw ${error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error)}`;
  }
}

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(4096);
  for (let at = 0; at < hex.length; at += 2) bytes[at / 2] = Number.parseInt(hex.slice(at, at + 2), 16);
  return bytes;
}
