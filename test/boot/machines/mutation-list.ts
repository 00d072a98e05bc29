// Faults that somebody could make in the engine, each as one change of its source.
export interface Mutation {
  readonly name: string;
  readonly what: string;
  readonly file: string;
  /** Found once in the file. */
  readonly from: string;
  readonly to: string;
  /** Machines that are tried first: they have what the fault is about. */
  readonly seeds: readonly number[];
}

const engine = (file: string) => `src/core/engine/${file}.ts`;
const verdict = (file: string) => `src/core/verdict/${file}.ts`;
const enough = 'src/core/md/enough.ts';
const gate = 'src/core/rejoin/gate.ts';

export const mutations: readonly Mutation[] = [
  {
    name: 'no-wait',
    seeds: [1527],
    what: 'the deadline is the beginning of the wait',
    ...{
      file: engine('deadlines'),
      from: 'const plain = Math.max(zero + waitMs, watched);',
      to: 'const plain = zero;',
    },
  },
  {
    name: 'wait-too-short',
    seeds: [1527],
    what: 'the deadline comes a second early',
    ...{
      file: engine('deadlines'),
      from: 'const plain = Math.max(zero + waitMs, watched);',
      to: 'const plain = Math.max(zero + waitMs, watched) - 1000;',
    },
  },
  {
    name: 'wait-too-long',
    seeds: [1527],
    what: 'the deadline comes after twice the wait and a second',
    ...{
      file: engine('deadlines'),
      from: 'const plain = Math.max(zero + waitMs, watched);',
      to: 'const plain = Math.max(zero + 2 * waitMs + 1000, watched);',
    },
  },
  {
    name: 'upper-without-own-wait',
    seeds: [1527],
    what: 'an upper layer waits from the beginning of discovery',
    file: engine('advance'),
    from: 'const fromDiscovery = (bottom && !array.behindPassphrase) ||',
    to: 'const fromDiscovery = true ||',
  },
  {
    name: 'upper-after-any-lower',
    seeds: [1527],
    what: 'a wait begins when one of the lower arrays is settled',
    file: engine('advance'),
    from: 'if (!array.standsOn.every((below)',
    to: 'if (array.standsOn.length > 0 && !array.standsOn.some((below)',
  },
  {
    name: 'handover-at-once',
    seeds: [869],
    what: 'the failure path takes over as soon as nothing can be started',
    file: engine('advance'),
    from: 'if (undecided.length > 0 || !isOver) return null;',
    to: 'if (undecided.length > 0) return null;',
  },
  {
    name: 'nobody-is-asked',
    seeds: [2572, 2915],
    what: 'no question is put',
    file: engine('waiting'),
    from: 'question: isMute ? null : questionOf(array, state.snapshot, verdict, answer),',
    to: 'question: null,',
  },
  {
    name: 'always-as-it-was',
    seeds: [1527],
    what: 'every degraded array is taken for one that was degraded before',
    file: verdict('judge-array'),
    from: "missingRoles.every((role) => slots[role] === 'missing') &&\n    (!canHaveRunAlone || isAllThatWasInSync(watched, freshness));",
    to: 'slots.length > 0 && (canHaveRunAlone || isAllThatWasInSync !== null);',
  },
  {
    name: 'never-as-it-was',
    seeds: [1210],
    what: 'an array that was degraded before is waited for all the same',
    file: engine('waiting'),
    from: 'return asItWas || isEveryoneInSight(',
    to: 'return asItWas && !isEveryoneInSight(',
  },
  {
    name: 'no-split-brain-guard',
    seeds: [2572],
    what: 'copies that went apart are not seen',
    ...{
      file: verdict('judge-array'),
      from: '  yield findSplitBrain(freshness);\n',
      to: '  void findSplitBrain;\n',
    },
  },
  {
    name: 'no-dirty-guard',
    seeds: [2915, 818],
    what: 'a parity array that is dirty and degraded is started',
    file: verdict('judge-array'),
    from: 'if (!has(freshness.fresh.every((member) => member.superblock.clean)) &&',
    to: 'if (missingRoles.length < 0 && !has(true) &&',
  },
  {
    name: 'oldest-is-freshest',
    seeds: [2539, 1787],
    what: 'the lowest event count wins',
    ...{
      file: verdict('freshness'),
      from: 'if (a.events !== b.events) return a.events > b.events;',
      to: 'if (a.events !== b.events) return a.events < b.events;',
    },
  },
  {
    name: 'stale-is-fresh',
    seeds: [2539, 1787],
    what: 'event counts are not compared',
    file: verdict('freshness'),
    from: 'member.superblock.events + EVENT_MARGIN >= freshest.superblock.events &&',
    to: 'member.superblock.events + EVENT_MARGIN >= 0 &&',
  },
  {
    name: 'partial-is-whole',
    seeds: [3826],
    what: 'a member that is being rebuilt counts as in sync',
    file: verdict('freshness'),
    from: 'member.superblock.recoveryOffsetSectors === null;',
    to: 'member.superblock.events >= 0;',
  },
  {
    name: 'roles-swapped',
    seeds: [1527],
    what: 'roles 0 and 1 are taken for each other',
    file: verdict('freshness'),
    from: 'if (belongs && isWhole(member)) inSyncRoles.add(member.role);',
    to: 'if (belongs && isWhole(member)) inSyncRoles.add(member.role < 2 ? 1 - member.role : member.role);',
  },
  {
    name: 'raid10-by-count',
    seeds: [1412],
    what: 'half of a raid10 is enough, whichever half',
    file: enough,
    from: 'return enough10(layout, raidDevices, availableRoles);',
    to: 'return enough10 !== null && layout > 0 && available >= raidDevices / 2;',
  },
  {
    name: 'raid6-needs-one-more',
    seeds: [52],
    what: 'a raid6 that lacks two is taken for lost',
    ...{ file: enough, from: 'available >= raidDevices - 2', to: 'available >= raidDevices - 1' },
  },
  {
    name: 'raid0-needs-one-less',
    seeds: [869],
    what: 'a raid0 that lacks one is taken for startable',
    ...{
      file: enough,
      from: 'case 0:\n      return all;',
      to: 'case 0:\n      return available >= raidDevices - 1;',
    },
  },
  {
    name: 'too-few-is-the-end',
    seeds: [5],
    what: 'a listed array that has too few members is not looked for outside the list',
    file: engine('unlisted'),
    from: "(kind === 'absent' || kind === 'insufficient')",
    to: "kind === 'absent'",
  },
  {
    name: 'foreign-is-own',
    seeds: [10],
    what: 'an array of another machine is started like one of this',
    file: engine('unlisted'),
    from: "if (hostName === '') return false;",
    to: "if (hostName !== '.') return false;",
  },
  {
    name: 'gate-open',
    seeds: [2572, 2539],
    what: 'udev may start a copy that was used alone',
    ...{ file: gate, from: 'return without.length === 0\n', to: 'return without.length >= 0\n' },
  },
  {
    name: 'gate-shut',
    seeds: [1527],
    what: 'every member is held back from udev',
    ...{ file: gate, from: 'return without.length === 0\n', to: 'return without.length < 0\n' },
  },
];
