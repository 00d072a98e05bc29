import { test } from 'tap';
import { parseMdUuid } from '../../../src/core/md/md-uuid.ts';
import { parseMdadmExamine } from '../../../src/core/parse/mdadm-examine.ts';
import { CONTAINER_SUITES, recordedContainers } from '../../support/recorded-containers.ts';

for (const suite of CONTAINER_SUITES) {
  const { read, members, volumeUuid } = recordedContainers(suite);
  for (const kind of ['imsm', 'ddf'] as const) {
    test(`${suite}: ${kind}: what a disk tells`, async (t) => {
      const two = `${kind}-two-volumes`;
      const exported = /^MD_UUID=(.*)$/m.exec(read(`${two}.b.export`))?.[1] ?? '';
      const container = parseMdUuid(exported);
      const found = members(two, 'b', 'c').map(({ examined }) => examined);
      t.match(found, [{ metadata: kind }, { metadata: kind }]);
      t.strictSame(
        found.map((examined) => examined?.containerUuid),
        container.ok ? [container.value, container.value] : [],
      );
      t.match(found[0]?.volumes, [
        { uuid: volumeUuid(two), level: 1, slots: ['in-sync', 'in-sync'] },
        { level: 0, slots: ['in-sync', 'in-sync'] },
      ]);
      t.strictSame(found.map((examined) => examined?.volumes[0]?.ownSlot).sort(), [0, 1]);
    });
  }

  test(`${suite}: what does not fit together is refused`, async (t) => {
    const text = read('imsm-raid5.b.txt');
    const brief = read('imsm-raid5.b.brief');
    const refused = (more: string, shorter: string): string => {
      const result = parseMdadmExamine(more, shorter);
      return result.ok ? 'taken' : result.why;
    };
    t.match(refused('', brief), /is not from an IMSM or DDF member/);
    t.match(refused(text, ''), /no container/);
    t.match(refused(text, `${brief}${brief}`), /two containers|twice/);
    t.match(refused(text, read('imsm-two-volumes.b.brief')), /other volumes/);
    t.match(refused(text.replace('[UUU]', '[UU]'), brief), /slots do not match/);
    const forged = text.replace('[v0]:', '[x]:\n Slots : [UUU]\n]:');
    t.match(refused(forged, brief), /twice/, 'a name with line breaks in it');
  });
}
