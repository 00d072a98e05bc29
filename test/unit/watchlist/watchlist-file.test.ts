import fc from 'fast-check';
import { test } from 'tap';
import { formatArrayLines } from '../../../src/core/image/array-lines.ts';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import {
  DEFAULT_SETTINGS,
  type WatchedArray,
  type Watchlist,
} from '../../../src/core/watchlist/watchlist.ts';
import {
  formatWatchlist,
  MAX_WATCHLIST_BYTES,
  parseWatchlist,
} from '../../../src/core/watchlist/watchlist-file.ts';

const uuidOf = (n: number) => `${n.toString(16).padStart(8, '0')}:00000000:00000000:00000001` as MdUuid;

const arrayOf = (n: number, layer: number, standsOn: number[]): WatchedArray => ({
  uuid: uuidOf(n),
  name: `array ${n}`,
  devicePath: `/dev/md${n}`,
  level: 1,
  layout: 0,
  raidDevices: 2,
  metadata: '1.2',
  container: null,
  layer,
  neededBy: ['/'],
  standsOn: standsOn.map(uuidOf),
  behindPassphrase: layer > 0,
  waitMs: 20_000,
  degraded: 'start',
  members: [
    {
      deviceUuid: 'a:b:c:d',
      role: 0,
      disk: { byId: 'ata-X', model: 'X', serial: null, sizeBytes: 10 },
      ledger: { events: 17, updateTimeMs: 1_700_000_000_000, inSync: true },
    },
    {
      deviceUuid: 'e:f:g:h',
      role: 'journal',
      disk: { byId: null, model: null, serial: null, sizeBytes: null },
      ledger: { events: 17, updateTimeMs: 0, inSync: false },
    },
  ],
});

const LIST: Watchlist = {
  schema: 'reliable-raid/watchlist/1',
  hostName: 'host.example',
  settings: DEFAULT_SETTINGS,
  arrays: [arrayOf(9, 0, []), arrayOf(3, 1, [9])],
  tree: [
    {
      kind: 'mount',
      label: '/',
      uuid: null,
      children: [{ kind: 'md', label: 'md3', uuid: 'x', children: [] }],
    },
  ],
  warnings: ['something'],
};

/** LIST as JSON with one place changed. */
// biome-ignore lint/suspicious/noExplicitAny: tests put wrong types in on purpose
function damaged(change: (json: Record<string, any>) => void): string {
  const json = JSON.parse(formatWatchlist(LIST));
  change(json);
  return JSON.stringify(json);
}

test('a watchlist survives its file, sorted by layer', async (t) => {
  const shuffled = { ...LIST, arrays: [...LIST.arrays].reverse() };
  t.same(parseWatchlist(formatWatchlist(shuffled)), { ok: true, value: LIST });
  const byDracut = { ...LIST, rebuild: 'dracut -f' };
  t.same(parseWatchlist(formatWatchlist(byDracut)), { ok: true, value: byDracut });
  const unlocking = { ...LIST, unlocks: [{ mapping: 'a', how: 'UUID=x none\u001b' }] };
  t.same(parseWatchlist(formatWatchlist(unlocking)), { ok: true, value: unlocking });
  t.equal(formatArrayLines(shuffled), `${uuidOf(9)} before\n${uuidOf(3)} after\n`);
});

test('what is not exactly a watchlist of this version is refused, with its place', async (t) => {
  const refused: [string, string, RegExp][] = [
    ['empty', '', /truncated or damaged/],
    ['truncated', formatWatchlist(LIST).slice(0, -20), /truncated or damaged/],
    ['not an object', '[]', /must be an object/],
    [
      'newer',
      damaged((w) => (w['schema'] = 'reliable-raid/watchlist/2')),
      /schema version 2 .*rebuild the image/,
    ],
    ['other schema', damaged((w) => (w['schema'] = 'other/1')), /schema is not/],
    ['no schema', damaged((w) => delete w['schema']), /schema is not/],
    ['uuid', damaged((w) => (w['arrays'][0].uuid = 'zz')), /arrays\[0\].uuid not an md UUID/],
    [
      'missing field',
      damaged((w) => delete w['arrays'][1].waitMs),
      /arrays\[1\].waitMs must be a whole number/,
    ],
    ['fraction', damaged((w) => (w['arrays'][1].waitMs = 0.5)), /waitMs must be a whole number/],
    ['absurd wait', damaged((w) => (w['arrays'][1].waitMs = 1e12)), /waitMs must be from/],
    ['absurd size', damaged((w) => (w['arrays'][1].raidDevices = 1e6)), /raidDevices must be from/],
    ['command', damaged((w) => (w['rebuild'] = 'dracut\u001b[2J')), /rebuild has characters/],
    [
      'policy',
      damaged((w) => (w['arrays'][0].degraded = 'yes')),
      /degraded must be one of start, ask, never/,
    ],
    ['device path', damaged((w) => (w['arrays'][0].devicePath = '/dev/md0\nPROGRAM x')), /not allowed/],
    ['device path out of /dev', damaged((w) => (w['arrays'][0].devicePath = '/dev/../etc/x')), /not allowed/],
    ['host name', damaged((w) => (w['hostName'] = 'a\nPROGRAM /x')), /hostName has characters/],
    ['role', damaged((w) => (w['arrays'][0].members[0].role = 'boss')), /role must be one of/],
    ['twice', damaged((w) => (w['arrays'][1].uuid = w['arrays'][0].uuid)), /twice/],
    ['unlisted below', damaged((w) => (w['arrays'][1].standsOn = [uuidOf(77)])), /not listed/],
    ['itself below', damaged((w) => (w['arrays'][1].standsOn = [uuidOf(3)])), /a loop/],
    [
      'two in a loop',
      damaged((w) => {
        w['arrays'][0].standsOn = [uuidOf(3)];
        w['arrays'][0].layer = 2;
      }),
      /a loop/,
    ],
    ['too large', ' '.repeat(MAX_WATCHLIST_BYTES + 1), /larger than/],
    ['nested for ever', '['.repeat(200_000), /truncated|nested/],
  ];
  for (const [name, text, why] of refused) {
    const result = parseWatchlist(text, 'watchlist.json');
    t.notOk(result.ok, name);
    if (!result.ok) t.match(`${result.at} ${result.why}`, why, name);
  }
  let deep: object = { kind: 'x', label: 'x', uuid: null, children: [] };
  for (let i = 0; i < 100; i++) deep = { kind: 'x', label: 'x', uuid: null, children: [deep] };
  t.match(parseWatchlist(damaged((w) => (w['tree'] = [deep]))), { ok: false, why: /too deep/ });
});

test('unknown fields are tolerated, prototype names are no fields', async (t) => {
  t.match(parseWatchlist(damaged((w) => (w['later'] = 1))), { ok: true });
  t.match(parseWatchlist('{"__proto__": {"schema": "reliable-raid/watchlist/1"}}'), { ok: false });
});

test('never throws, whatever the file holds', async () => {
  fc.assert(fc.property(fc.string(), (text) => typeof parseWatchlist(text).ok === 'boolean'));
  fc.assert(fc.property(fc.json(), (text) => !parseWatchlist(text).ok));
  const good = formatWatchlist(LIST);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.string({ maxLength: 3, unit: 'binary' }), (at, put) => {
      const result = parseWatchlist(good.slice(0, at) + put + good.slice(at + 1));
      return typeof result.ok === 'boolean';
    }),
  );
});
