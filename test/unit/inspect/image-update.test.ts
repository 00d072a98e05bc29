import { test } from 'tap';
import {
  decideUpdate,
  type FormerImage,
  formatState,
  type Hindrance,
  hasRoom,
  isFormerOver,
  isPlainName,
  NOTHING_DONE,
  parseState,
  settled,
  type UpdateFacts,
  type UpdateImages,
} from '../../../src/core/inspect/image-update.ts';

const OLD: UpdateFacts = {
  ...{ setting: 'auto', mark: 'm', isCurrent: false, state: NOTHING_DONE, hindrance: null },
};
const decided = (more: Partial<UpdateFacts>): string => {
  const { act, ...rest } = decideUpdate({ ...OLD, ...more });
  return [act, 'because' in rest ? rest.because : []].flat().join(' ');
};

const TABLE: readonly [setting: UpdateImages, hindrance: Hindrance | null, expected: string][] = [
  ['never', null, 'nothing'],
  ['warn', null, 'tell warn'],
  ['warn', 'package-manager', 'tell warn'],
  ['auto', null, 'build'],
  ['auto', 'package-manager', 'later package-manager'],
  ['auto', 'generator', 'later generator'],
  ['auto', 'no-room', 'tell no-room'],
  ['auto', 'no-generator', 'tell no-generator'],
  ['auto', 'no-image', 'tell no-image'],
];

test('what is done about an image that is older than the machine', async (t) => {
  for (const [setting, hindrance, expected] of TABLE) {
    t.equal(decided({ setting, hindrance }), expected, `${setting}, ${hindrance}`);
    t.equal(decided({ setting, hindrance, isCurrent: true }), 'nothing', 'it is current');
    t.equal(decided({ setting, hindrance, isCurrent: null }), 'nothing', 'it has no list that anybody knows');
  }
});

test('each change is told once for each reason, and built for once', async (t) => {
  for (const [setting, hindrance, expected] of TABLE) {
    const first = decideUpdate({ ...OLD, setting, hindrance });
    if (first.act !== 'tell') continue;
    const state = { ...NOTHING_DONE, told: first.told };
    t.equal(decided({ setting, hindrance, state }), 'nothing');
    t.equal(decided({ setting, hindrance, state, mark: 'other' }), expected, 'another change');
    t.equal(decided({ setting, hindrance, state: settled(state, true) }), expected, 'made anew');
    t.same(settled(state, false), state);
    t.same(settled(state, null), state);
  }
  const state = { ...NOTHING_DONE, tried: 'm' };
  t.equal(decided({ state }), 'tell tried');
  t.equal(decided({ state: { ...state, told: 'tried m' } }), 'nothing');
  t.equal(decided({ state, mark: 'n' }), 'build');
  t.equal(decided({ state: { ...NOTHING_DONE, told: 'no-room m' } }), 'build', 'once there is room');
});

const FORMER: FormerImage = { image: 'initrd.img-6.1', kernel: '6.1', bootId: 'a', list: 'old' };

test('how long the former image is kept', async (t) => {
  const boot = { bootId: 'b', kernel: '6.1', list: 'new', files: ['initrd.img-6.1'] };
  t.ok(isFormerOver(FORMER, boot), 'a boot came from a newer one');
  t.notOk(isFormerOver(FORMER, { ...boot, bootId: 'a' }), 'the boot in which it was replaced');
  t.notOk(isFormerOver(FORMER, { ...boot, kernel: '6.9' }), 'another kernel');
  t.notOk(isFormerOver(FORMER, { ...boot, list: 'old' }), 'a person has chosen it');
  t.notOk(isFormerOver(FORMER, { ...boot, list: null }), 'nobody knows which it was');
  t.ok(isFormerOver(FORMER, { ...boot, bootId: 'a', files: [] }), 'its kernel is gone');
});

test('room for the new image beside the old, and for a copy of that unless there is one', async (t) => {
  const MIB = 1024 * 1024;
  t.ok(hasRoom(50 * MIB, false, 116 * MIB));
  t.notOk(hasRoom(50 * MIB, false, 115 * MIB));
  t.ok(hasRoom(50 * MIB, true, 66 * MIB));
});

test('the state is read back as it was; what is damaged is refused', async (t) => {
  for (const state of [NOTHING_DONE, { told: 'warn 1', tried: '1', former: FORMER }])
    t.same(parseState(formatState(state), 'x'), { ok: true, value: state });
  const hostile = { ...NOTHING_DONE, former: { ...FORMER, image: '../etc/passwd' } };
  for (const text of ['', '{}', formatState(hostile), formatState(NOTHING_DONE).replace('/1', '/9')])
    t.match(parseState(text, 'x'), { ok: false });
  for (const name of ['-x', '.', 'a/b', 'a b', '$(x)', '']) t.notOk(isPlainName(name), name);
  t.ok(isPlainName('initrd.img-6.12.1+deb13~bpo-amd64'));
});
