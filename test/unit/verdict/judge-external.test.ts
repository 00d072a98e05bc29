import { test } from 'tap';
import type { Effect } from '../../../src/core/engine/effects.ts';
import type { EngineEvent } from '../../../src/core/engine/events.ts';
import { nextStartCommand } from '../../../src/core/engine/start-array.ts';
import { initialState } from '../../../src/core/engine/state.ts';
import { step } from '../../../src/core/engine/step.ts';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import { renderNotice } from '../../../src/core/render/console/boot-messages.ts';
import { renderArray } from '../../../src/core/render/console/listing.ts';
import { reasonWords } from '../../../src/core/render/console/reason.ts';
import type { ExternalMember, PresentArray, Snapshot } from '../../../src/core/snapshot/snapshot.ts';
import { describeMissing } from '../../../src/core/verdict/describe-missing.ts';
import { judgeArray } from '../../../src/core/verdict/judge-array.ts';
import { presenceOf } from '../../../src/core/verdict/presence.ts';
import { questionOf } from '../../../src/core/verdict/question.ts';
import type { Verdict } from '../../../src/core/verdict/verdict.ts';
import {
  DEFAULT_SETTINGS,
  WATCHLIST_SCHEMA,
  type WatchedArray,
  type Watchlist,
} from '../../../src/core/watchlist/watchlist.ts';
import { CONTAINER_SUITES, recordedContainers } from '../../support/recorded-containers.ts';
import { DEFAULT_OPTIONS } from '../../support/simulated-boot.ts';

for (const suite of CONTAINER_SUITES) {
  const { members, volumeUuid } = recordedContainers(suite);
  for (const kind of ['imsm', 'ddf'] as const) {
    const container = { device: 'md127', state: 'inactive', external: true, degraded: null, deadMembers: [] };
    const uuidOfContainer = (name: string): MdUuid => {
      const uuid = members(name, 'b')[0]?.examined?.containerUuid;
      if (uuid === undefined) throw new Error(`${name}: no container`);
      return uuid;
    };
    const watched = (name: string, level: number, raidDevices: number): WatchedArray => ({
      ...{ uuid: volumeUuid(name), name: 'v0', devicePath: '/dev/md/v0', level, layout: 0, raidDevices },
      ...{ metadata: kind, container: uuidOfContainer(name), layer: 0, neededBy: ['/'], standsOn: [] },
      ...{ behindPassphrase: false, waitMs: 30_000, degraded: 'start' },
      members: Array.from({ length: raidDevices }, (_, role) => ({
        deviceUuid: `slot-${role}`,
        role,
        disk: { byId: null, model: null, serial: `S${role}`, sizeBytes: null },
        ledger: { events: 0, updateTimeMs: 0, inSync: false },
      })),
    });
    const unread = { device: 'ubdx', examined: null };
    const snapshot = (external: readonly ExternalMember[] | null, hasContainer = false): Snapshot => ({
      members: [],
      arrays: hasContainer ? [{ ...container, uuid: uuidOfContainer(`${kind}-raid5`) } as PresentArray] : [],
      ...(external === null ? {} : { external }),
    });
    const of = (text: string) => ({ kind: 'unsafe', reason: 'external-metadata', text });
    const inWords = (verdict: Verdict) =>
      verdict.kind === 'unsafe'
        ? { ...verdict, reason: verdict.reason.code, text: reasonWords(verdict.reason) }
        : verdict;
    const five = `${kind}-raid5`;
    const byHand = `${kind} arrays are started by their container`;
    const missing = (array: WatchedArray, verdict: Verdict) =>
      describeMissing(array, verdict)
        .map(({ disk }) => disk?.serial)
        .join(' ');
    const slotOf = (name: string, disk: string): number =>
      members(name, disk)[0]?.examined?.volumes[0]?.ownSlot ?? -1;
    const others = (...disks: readonly string[]): string =>
      [0, 1, 2]
        .filter((slot) => !disks.some((disk) => slotOf(five, disk) === slot))
        .map((slot) => `S${slot}`)
        .join(' ');

    const cases: readonly (readonly [string, Snapshot, unknown, string])[] = [
      ['nobody asked mdadm', snapshot(null), of(`${byHand} only`), ''],
      ['no disk', snapshot([]), { kind: 'absent' }, 'S0 S1 S2'],
      [
        'disks of another container',
        snapshot(members(`${kind}-two-volumes`, 'b', 'c')),
        { kind: 'absent' },
        'S0 S1 S2',
      ],
      ['only what mdadm cannot read', snapshot([unread]), of('mdadm cannot tell what is on ubdx'), ''],
      ['too few', snapshot(members(five, 'b')), { kind: 'insufficient' }, others('b')],
      [
        'too few, and one that cannot be read',
        snapshot([...members(five, 'b'), unread]),
        of(`1 of 3 disks is present; mdadm cannot tell what is on ubdx; ${byHand}`),
        others('b'),
      ],
      [
        'degraded',
        snapshot(members(five, 'b', 'd')),
        of(`2 of 3 disks are present; ${byHand} (mdadm --incremental --run CONTAINER)`),
        others('b', 'd'),
      ],
      [
        'all, in a container that was made',
        snapshot(members(five, 'b', 'c', 'd'), true),
        of(`3 of 3 disks are present; ${byHand} (mdadm --incremental /dev/md127)`),
        '',
      ],
      [
        'one has older data',
        snapshot([
          ...members(`${five}-failed`, 'b', 'c'),
          ...members(`${five}-failed`, 'd').map(({ device, examined }) => ({
            device,
            examined: examined === null ? null : { ...examined, generation: examined.generation - 3 },
          })),
        ]),
        of(
          '2 of 3 disks are present, and ubdd with older data; it was not shut down cleanly, so its parity may be wrong',
        ),
        'S2',
      ],
    ];
    for (const [title, seen, verdict, serials] of cases)
      test(`${suite}: ${kind}: ${title}`, async (t) => {
        const array = watched(title === 'one has older data' ? `${five}-failed` : five, 5, 3);
        const found = judgeArray(array, seen);
        t.match(inWords(found), verdict);
        t.equal(missing(array, found), serials);
        t.notMatch(found.kind, /startable|complete/);
        t.equal(nextStartCommand(seen, array, null, 'begin'), null, 'nothing is run for it');
        t.equal(questionOf(array, seen, found, null), null, 'nobody is asked');
        const listed = renderArray(array, seen, found).split('\n');
        const noticed = renderNotice(
          [
            {
              ...{ array, verdict: found, presence: presenceOf(array, seen, found), policy: 'start' },
              ...{ waitedMs: 10_000, leftMs: 20_000, writtenMs: null },
            },
          ],
          false,
          null,
        ).split('\n');
        for (const line of [...listed, ...noticed]) t.ok(/^[ -~]{1,79}$/.test(line), line);
        if (found.kind !== 'unsafe') return;
        for (const lines of [listed, noticed])
          t.ok(lines.join(' ').replace(/\s+/g, ' ').includes(reasonWords(found.reason)), lines.join('\n'));
      });

    test(`${suite}: ${kind}: a container that does not tell of it any more`, async (t) => {
      const array = { ...watched(five, 5, 3), uuid: volumeUuid(`${kind}-two-volumes`) };
      const found = judgeArray(array, snapshot(members(five, 'b', 'c')));
      t.match(inWords(found), of('ubdb and ubdc of its container do not list it'));
    });

    test(`${suite}: ${kind}: the engine waits, names what is there, runs no command for it, and hands over`, async (t) => {
      const array = watched(five, 5, 3);
      const list: Watchlist = {
        ...{ schema: WATCHLIST_SCHEMA, hostName: 'h', settings: DEFAULT_SETTINGS },
        ...{ arrays: [array], tree: [], warnings: [] },
      };
      for (const disks of [['b'], ['b', 'c'], ['b', 'c', 'd']]) {
        let state = initialState(list, { ...DEFAULT_OPTIONS, degraded: 'start' });
        const effects: Effect[] = [];
        const hear = (event: EngineEvent): void => {
          const next = step(state, event);
          state = next.state;
          effects.push(...next.effects);
          const command = next.effects.find(({ kind: what }) => what === 'settle');
          if (command?.kind === 'settle')
            hear({
              ...{ kind: 'command-finished', command, ok: true, detail: '', atMs: event.atMs },
              snapshot: state.snapshot,
            });
        };
        hear({ kind: 'devices', atMs: 100, snapshot: snapshot(members(five, 'b')) });
        hear({ kind: 'devices', atMs: 200, snapshot: snapshot(members(five, ...disks)) });
        for (let atMs = 1000; atMs < 120_000; atMs += 1000) {
          hear({ kind: 'key', key: 'd', console: 'tty0', atMs });
          hear({ kind: 'tick', atMs });
        }
        t.equal(state.outcome, 'handover');
        const kinds = new Set(effects.map((effect) => effect.kind));
        for (const command of ['assemble', 'run-array', 'write-read-auto', 'stop-array'] as const)
          t.notOk(kinds.has(command), command);
        const said = effects.flatMap((effect) =>
          effect.kind === 'say' && effect.message.kind === 'not-startable' ? [effect.message] : [],
        );
        const missing = [0, 1, 2].filter((slot) => !disks.some((disk) => slotOf(five, disk) === slot));
        const reason = {
          code: 'external-metadata',
          disks: { volume: { slotCount: 3, missingSlots: missing } },
        };
        const verdict =
          disks.length === 1 ? { kind: 'insufficient', missingRoles: missing } : { kind: 'unsafe', reason };
        t.match(said, [{ array: { uuid: array.uuid }, verdict, failure: null }]);
        const arrived = effects.flatMap((effect) =>
          effect.kind === 'record' && effect.entry.kind === 'member-arrived' ? [effect.entry.device] : [],
        );
        t.strictSame(
          arrived,
          disks.slice(1).map((disk) => `ubd${disk}`),
        );
      }
    });
  }
}
