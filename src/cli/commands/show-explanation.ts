import type { ExplainFindings } from '../../app/inspect/explain.ts';
import { unexplainedLines } from '../../app/inspect/unexplained.ts';
import type { Output } from '../../app/output.ts';
import { comesUp, type Explanation } from '../../core/explain/explanation.ts';
import { renderExplanationJson } from '../../core/render/commands/explain-json.ts';
import { renderExplanationSvg } from '../../core/render/commands/explain-svg.ts';
import { renderExplanation } from '../../core/render/commands/explain-text.ts';
import { renderVerification, renderVerificationJson } from '../../core/render/commands/verify-text.ts';

const EXIT_COMES_UP = 0;
/** In some case it does not come up unattended, or that is not known. */
const EXIT_DOES_NOT = 1;
const EXIT_USAGE = 2;

export type ExplanationForm = 'text' | 'json' | 'svg';

const RENDERERS: Readonly<Record<ExplanationForm, (explanation: Explanation) => string>> = {
  text: renderExplanation,
  json: renderExplanationJson,
  // The output ends with a line feed of its own.
  svg: (explanation) => renderExplanationSvg(explanation).trimEnd(),
};

/** What `explain` found. Returns the exit status. */
export const showExplanation = (findings: ExplainFindings, form: ExplanationForm, output: Output): number =>
  show(findings, output, RENDERERS[form]);

/** The same without losses, stage by stage: what `verify` says. */
export const showVerification = (findings: ExplainFindings, json: boolean, output: Output): number =>
  show(findings, output, json ? renderVerificationJson : renderVerification);

function show(
  { result, warnings }: ExplainFindings,
  output: Output,
  render: (explanation: Explanation) => string,
): number {
  for (const warning of warnings) output.err(`reliable-raid: warning: ${warning}`);
  if (result.kind !== 'explained') {
    for (const line of unexplainedLines(result)) output.err(`reliable-raid: ${line}`);
    return result.kind === 'unknown-disk' ? EXIT_USAGE : EXIT_DOES_NOT;
  }
  const { explanation } = result;
  output.out(render(explanation));
  return comesUp(explanation) ? EXIT_COMES_UP : EXIT_DOES_NOT;
}
