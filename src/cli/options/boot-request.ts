import type { BootRequest, BootStage } from '../../app/boot/boot.ts';

const STAGES: readonly string[] = ['before-passphrase', 'all', 'release'] satisfies BootStage[];

const isStage = (text: string): text is BootStage => STAGES.includes(text);

/** The options of `boot` as they were typed, checked; a text says what is wrong with them. */
export function bootRequest(
  stage: string | undefined,
  limitMs: string | undefined,
  watchlistPath: string,
  root: string | null = null,
): BootRequest | string {
  if (stage === undefined || !isStage(stage)) return `--stage: expected one of ${STAGES.join(', ')}`;
  if (limitMs !== undefined && !/^\d{1,12}$/.test(limitMs))
    return `--limit-ms ${limitMs}: expected milliseconds`;
  return { stage, limitAtMs: limitMs === undefined ? null : Number(limitMs), watchlistPath, root };
}
