import type { Output } from '../../app/output.ts';
import { arraysCalled, exitStatus, type MachineStatus } from '../../core/inspect/machine-status.ts';
import { renderStatusJson } from '../../core/render/commands/status-json.ts';
import { type Paint, renderStatus } from '../../core/render/commands/status-text.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';

/** As `mdadm --detail --test`: what was asked for is not there. */
const EXIT_NOT_FOUND = 4;

export interface StatusRequest {
  /** Names, UUIDs or devices; none: every array, and what is around them. */
  readonly arrays: readonly string[];
  readonly json: boolean;
  /** The exit status alone. */
  readonly quiet: boolean;
}

/** What `status` found. Returns the exit status. */
export function showStatus(
  status: MachineStatus,
  { arrays, json, quiet }: StatusRequest,
  paint: Paint,
  output: Output,
): number {
  const missing = arrays.filter((text) => arraysCalled(text, status.arrays).length === 0);
  const shown =
    arrays.length === 0
      ? status
      : {
          ...status,
          arrays: status.arrays.filter((one) =>
            arrays.some((text) => arraysCalled(text, status.arrays).includes(one)),
          ),
        };
  for (const text of missing)
    output.err(
      `reliable-raid: no array is called ${escapeForConsole(text, 80)}; without a name all are shown`,
    );
  if (!quiet && (arrays.length === 0 || shown.arrays.length > 0))
    output.out(json ? renderStatusJson(shown) : renderStatus(shown, paint));
  return missing.length > 0 ? EXIT_NOT_FOUND : exitStatus(shown.arrays);
}

const CODES = { good: '32', care: '33', bad: '1;31', plain: '0' } as const;

/** Colour where a terminal reads it and nobody has said no (NO_COLOR, TERM=dumb). */
export const paintFor = (
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): Paint =>
  isTerminal && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb'
    ? (tone, text) => (tone === 'plain' ? text : `\x1b[${CODES[tone]}m${text}\x1b[0m`)
    : (_, text) => text;
