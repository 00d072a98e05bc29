// What was seen against what must be true, and what must be true of every case.
import type { Seen } from './power-on.ts';
import type { Expected, SafetyCase } from './safety-case.ts';

const RUNS = /^(clean|active|active-idle|read-auto|readonly|write-pending)$/;

/** Why the case fails; empty if it does not. */
export function problemsOf({ expect, powerOn, machine }: SafetyCase, seen: Seen): string[] {
  if (powerOn.stock === true) return damageProblems(expect, seen);
  const problems: string[] = [];
  const mustStayDown = expect.root === null && powerOn.cutBeforeMount !== true;
  const check = (good: boolean, what: string) => {
    if (!good) problems.push(what);
  };
  if (powerOn.cutBeforeMount !== true) {
    check(seen.root !== 'mixture', 'root holds a mixture that nobody wrote');
    const none = seen.root === null && expect.orNotStarted === true;
    check(
      none || seen.root === expect.root,
      `root holds ${seen.root ?? 'nothing'}, not ${expect.root ?? 'nothing'}`,
    );
  }
  check(
    seen.mismatches === null || seen.mismatches === 0,
    `mismatch_cnt ${seen.mismatches}: the members of one array do not agree`,
  );
  check(expect.compared !== true || seen.mismatches !== null, 'no array was whole at the end');
  const touched = seen.changedDisks.filter((disk) => expect.untouched?.includes(disk));
  check(touched.length === 0, `written to, though it must not be: disk ${touched.join(', ')}`);
  const alternatives = expect.untouchedOneOf ?? '';
  check(
    alternatives === '' || [...alternatives].some((disk) => !seen.changedDisks.includes(disk)),
    `all of disks ${alternatives} were written to`,
  );
  for (const name of [...(expect.notStarted ?? []), ...(mustStayDown ? [machine.root] : [])]) {
    const state = seen.beforeMount[name]?.state;
    check(state === undefined || !RUNS.test(state), `${name} was started (${state})`);
  }
  for (const [name, degraded] of Object.entries(expect.degraded ?? {})) {
    const found = seen.atTheEnd[name];
    check(
      found?.degraded === degraded,
      `${name} misses ${found?.degraded ?? 'all'} members, not ${degraded}`,
    );
  }
  if (expect.startedDegradedAfterS !== undefined) {
    const [from, to] = expect.startedDegradedAfterS;
    const started = seen.degradedStartsAtS;
    check(started.length > 0, 'the report has no degraded start');
    const wrong = started.filter((at) => at < from || at > to).map((at) => at.toFixed(1));
    check(
      wrong.length === 0,
      `started degraded ${wrong.join(', ')} s after discovery began, not ${from} to ${to}`,
    );
  }
  if (expect.wentOnAfterS !== undefined) {
    const [from, to] = expect.wentOnAfterS;
    const took = seen.wentOnAfterS;
    check(took >= from && took <= to, `the boot went on after ${took.toFixed(1)} s, not ${from} to ${to}`);
  }
  for (const text of expect.says ?? []) check(text.test(seen.said), `nothing says ${text}`);
  for (const text of expect.saysNot ?? []) check(!text.test(seen.said), `something says ${text}`);
  return problems;
}

/** A control passes when the damage is there: the danger is real and the suite sees it. */
function damageProblems({ damage = [], root, untouched = '' }: Expected, seen: Seen): string[] {
  const problems: string[] = [];
  if (damage.includes('mixture') && seen.root !== 'mixture')
    problems.push(`root holds ${seen.root}, no mixture`);
  if (damage.includes('mismatches') && !((seen.mismatches ?? 0) > 0)) problems.push('no mismatch');
  if (damage.includes('wrong disk written') && !seen.changedDisks.some((disk) => untouched.includes(disk)))
    problems.push('no disk was written to that should not be');
  // with no tree named, any will do: which half wins is chance
  if ((damage.length === 0 || root !== null) && seen.root !== root)
    problems.push(`root holds ${seen.root ?? 'nothing'}, not ${root ?? 'nothing'}`);
  return problems;
}

export function summaryOf(seen: Seen): string {
  const arrays = Object.entries(seen.atTheEnd).map(
    ([name, { state, degraded, members }]) =>
      `${name} ${state}${degraded === null ? '' : ` -${degraded}`} (${members.join(' ')})`,
  );
  return [
    `root: ${seen.root ?? 'not there'}`,
    `mismatch_cnt: ${seen.mismatches ?? 'unknown'}`,
    `written: ${seen.changedDisks.join('') || 'no disk'}`,
    `after ${seen.wentOnAfterS.toFixed(1)} s`,
    ...arrays,
  ].join('; ');
}
