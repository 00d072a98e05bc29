import type { FoundReport } from '../../app/report/make-report.ts';
import { redacted } from '../../core/render/report/redaction.ts';
import { renderReportHtml } from '../../core/render/report/report-html.ts';
import { renderReportJson } from '../../core/render/report/report-json.ts';
import { renderReport } from '../../core/render/report/report-text.ts';

const RENDERERS = { text: renderReport, json: renderReportJson, html: renderReportHtml } as const;

/** The report as it was asked for, ending in a newline, and the exit status: 1 where a part of it could not be told. */
export function showReport(
  { report, disks }: FoundReport,
  form: keyof typeof RENDERERS,
  isRedacted: boolean,
): { readonly text: string; readonly status: 0 | 1; readonly warnings: readonly string[] } {
  const shown = isRedacted ? redacted(report, disks) : report;
  return {
    text: `${RENDERERS[form](shown).trimEnd()}\n`,
    status: report.list === null || report.nextBoot === null ? 1 : 0,
    warnings: shown.warnings,
  };
}
