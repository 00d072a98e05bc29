import type { ArrayStatus } from '../../inspect/array-status.ts';
import type { ListChange } from '../../inspect/list-changes.ts';
import {
  exitStatus,
  type MachineStatus,
  type Problem,
  problemsOf,
  startedDegradedIn,
} from '../../inspect/machine-status.ts';
import { syncLeftMs, syncPercent } from '../../parse/md-sync.ts';
import { asciiJson } from '../../text/ascii-json.ts';

export const STATUS_SCHEMA = 'reliable-raid/status/1';

/** The same for programs. Dates: milliseconds since 1970. ASCII. */
export function renderStatusJson(status: MachineStatus): string {
  const { nowMs, arrays, lastBoot, image, ledger, unreadable } = status;
  return asciiJson({
    schema: STATUS_SCHEMA,
    nowMs,
    status: exitStatus(arrays),
    problems: problemsOf(status).map(problem),
    arrays: arrays.map(plain),
    lastBoot:
      lastBoot.kind === 'reported'
        ? {
            kind: lastBoot.kind,
            outcome: lastBoot.report.outcome,
            startedDegraded: [...startedDegradedIn(lastBoot.report)],
          }
        : lastBoot,
    image: image.kind === 'compared' ? { kind: image.kind, changes: image.changes.map(change) } : image,
    ledger,
    unreadable,
  });
}

const problem = (one: Problem): object =>
  one.kind === 'array'
    ? { kind: one.kind, array: one.array.uuid, device: one.array.device }
    : { kind: one.kind };

const change = (one: ListChange): object => ('uuid' in one ? { what: one.what, array: one.uuid } : one);

const plain = ({ sync, verdict, ...array }: ArrayStatus): object => ({
  ...array,
  sync: sync === null ? null : { ...sync, percent: syncPercent(sync), leftMs: syncLeftMs(sync) },
  verdict:
    verdict === null
      ? null
      : { kind: verdict.kind, reason: verdict.kind === 'unsafe' ? verdict.reason.code : null },
});
