import type { Output } from '../../app/output.ts';
import type { LedgerFindings } from '../../core/ledger/ledger-findings.ts';
import {
  ledgerWarnings,
  renderLedgerJson,
  renderLedgerReport,
} from '../../core/render/commands/ledger-report.ts';

/** What `ledger` found, as both programs say it. Returns the exit status: 1 when nothing could be recorded. */
export function showLedger(findings: LedgerFindings, json: boolean, output: Output): number {
  output.out(json ? renderLedgerJson(findings) : renderLedgerReport(findings));
  for (const warning of ledgerWarnings(findings)) output.err(`reliable-raid: warning: ${warning}`);
  if (findings.denied.length > 0) return 1;
  return findings.recorded.some(({ done }) => done === 'written' || done === 'kept') ? 0 : 1;
}
