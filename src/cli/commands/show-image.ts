import type { ImageFindings } from '../../app/image/write-image.ts';

/** The configuration says strict, and the image cannot have what it should: its build must end. No other failure has this status. */
const EXIT_STRICT = 3;

/**
 * What became of the image. Returns the exit status: 0 also where nothing was written, unless `strict` is set, since a
 * failing hook stops kernel upgrades.
 */
export function showImage(
  findings: ImageFindings,
  folder: string,
  strict: boolean,
  say: (line: string) => void,
): number {
  const unlessStrict = strict ? EXIT_STRICT : 0;
  switch (findings.kind) {
    case 'unresolved':
      say(`error: ${findings.at}: ${findings.why}`);
      say(
        'the image is left as the distribution makes it; "reliable-raid resolve" shows the same on this system',
      );
      return unlessStrict;
    case 'no-array':
      say('no md array is needed to mount /: nothing is added to the image');
      return 0;
    case 'failed':
      for (const warning of findings.warnings) say(`warning: ${warning}`);
      say(`error: ${folder}: ${findings.why}`);
      return unlessStrict;
    case 'written':
      for (const warning of findings.warnings) say(`warning: ${warning}`);
      return 0;
  }
}
