// The text on the picture of a screen, read by tesseract.
import { runCommand } from '../guest/host-command.ts';

/** What reads it, and Debian's package of it. */
export const SCREEN_READER = { tesseract: 'tesseract-ocr' } as const;

/** Page segmentation by tesseract's `--psm`: one block of lines, as consoles and the messages of a splash are. */
const ONE_BLOCK = '6';

/** `path`: a PNG. More than one thread would mostly wait for the others. */
export async function readScreen(path: string): Promise<string> {
  const { code, stdout, stderr } = await runCommand(['tesseract', path, '-', '--psm', ONE_BLOCK], {
    env: { ...process.env, OMP_THREAD_LIMIT: '1' },
  });
  if (code !== 0) throw new Error(`tesseract cannot read ${path}: ${stderr.trim()}`);
  return stdout;
}
