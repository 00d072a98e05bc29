import { test } from 'tap';
import {
  type KnownArray,
  matchSections,
  settingsOfArray,
} from '../../../../src/app/configuration/array-sections.ts';
import type { ArraySection } from '../../../../src/app/configuration/read-configuration.ts';
import { type ArraySettings, DEFAULTS } from '../../../../src/app/configuration/settings.ts';
import type { MdUuid } from '../../../../src/core/md/md-uuid.ts';
import { arrayLabel } from '../../../../src/core/render/labels.ts';
import { watched } from '../../../support/present-members.ts';

const UUID = '01234567:89abcdef:01234567:89abcdef' as MdUuid;
const OTHER = '11111111:22222222:33333333:44444444' as MdUuid;

const array = (changes: Partial<KnownArray>): KnownArray => ({
  ...{ device: 'md127', uuid: UUID, name: 'box:root', devName: 'root' },
  ...changes,
});
const section = (key: string, values: ArraySettings = { degraded: 'never' }): ArraySection => ({
  ...{ key, at: 'F:1', values, places: new Map() },
});
const links = new Map([['/dev/disk/by-id/x', 'md127']]);
const match = (keys: readonly string[], arrays: readonly KnownArray[]) =>
  matchSections(
    keys.map((key) => section(key)),
    arrays,
    links,
  );

test('every name that the kernel, mdadm, udev or the console shows matches', async (t) => {
  const other = array({ device: 'md5', uuid: OTHER, name: 'box:data', devName: 'data' });
  const names = [
    ...['md127', '/dev/md127', 'root', '/dev/md/root', 'box:root', '/dev/md/box:root', ' root '],
    ...[UUID, UUID.toUpperCase(), UUID.replaceAll(':', ''), '01234567-89ab-cdef-0123-456789abcdef'],
    ...[`UUID=${UUID}`, `MD_UUID=${UUID}`, `md-uuid-${UUID}`, `/dev/disk/by-id/md-uuid-${UUID}`],
    ...['/dev/disk/by-id/md-name-box:root', '/dev/disk/by-id/x'],
  ];
  for (const name of names) {
    const { matched, warnings } = match([name], [other, array({})]);
    t.same(
      matched[0]?.arrays.map(({ device }) => device),
      ['md127'],
      name,
    );
    t.same(warnings, [], name);
  }
});

test('a number is known as the node that mdadm makes of it, and as the notices show it', async (t) => {
  for (const known of [array({ name: 'box:0', devName: '0' }), array({ name: '0', devName: null })]) {
    const shown = arrayLabel(watched([], { name: '0' }));
    for (const name of ['md0', '/dev/md0', '0', '/dev/md/0', 'box:0', shown].slice(
      0,
      known.devName === null ? 4 : 6,
    ))
      t.match(match([name], [known]).matched, [{ arrays: [known] }], name);
  }
  const volume = array({ device: 'md126', name: null, devName: 'Volume0' });
  t.match(match(['Volume0', '/dev/md/Volume0', 'md126'], [volume]).warnings, []);
});

test('no array, and two', async (t) => {
  const twins = [
    array({ device: 'md0', uuid: OTHER, name: 'old:7', devName: null }),
    array({ name: 'box:0' }),
  ];
  const { matched, warnings } = match(['md0', 'nothing', 'other:root', ''], twins);
  t.same(
    matched.map(({ arrays }) => arrays.length),
    [2, 0, 0, 0],
  );
  t.same(warnings.slice(0, 2), [
    `F:1: [array."md0"] is the name of 2 arrays, and counts for all of them: md0 "old:7" ${OTHER}, md127 "box:0" ${UUID}; name one by its UUID`,
    `F:1: [array."nothing"] is no array of this machine, and has no effect; there are md0 "old:7" ${OTHER}, md127 "box:0" ${UUID}`,
  ]);
  t.equal(warnings.length, 4);
  t.same(match(['x'], []).warnings, ['F:1: [array."x"] is no array of this machine, and has no effect']);
  t.same(match([OTHER], [array({})]).matched[0]?.arrays, [], 'an unknown UUID');
  t.same(match(['\x1b[2J'], []).warnings, [
    'F:1: [array."\\x1b[2J"] is no array of this machine, and has no effect',
  ]);
});

test('the section by UUID counts most, then the last', async (t) => {
  const sections = [
    section(UUID, { wait: 1 }),
    section('root', { wait: 2, degraded: 'ask' }),
    section('md127', { degraded: 'never' }),
  ];
  const { matched } = matchSections(sections, [array({})]);
  const settings = (uuid: MdUuid) => settingsOfArray({ options: { ...DEFAULTS, wait: 33 } }, matched, uuid);
  t.same(settings(UUID), { wait: 1, degraded: 'never' });
  t.same(settings(OTHER), { wait: 33, degraded: 'start' });
});
