import { parseAnyReport } from '../../core/report/any-report.ts';
import { MAX_REPORT_BYTES, type Report } from '../../core/report/report-file.ts';
import { failure, ok, type Result } from '../../core/result/result.ts';
import type { Machine } from '../machine.ts';
import { runPath } from '../own-places.ts';

/** What one of the engine's stages wrote in this boot; null where it had nothing to write. */
export async function readBootReport(
  { files, paths }: Pick<Machine, 'files' | 'paths'>,
  name: 'arrays.json' | 'boot.json' | 'start.json',
): Promise<Result<Report | null>> {
  const path = runPath(paths, name);
  const read = await files.readTextOrReason(path, MAX_REPORT_BYTES);
  if ('text' in read) return parseAnyReport(read.text, path);
  if (read.reason === 'missing') return ok(null);
  return failure(path, read.reason === 'denied' ? 'may be read by root only' : read.detail);
}
