// Members of IMSM and DDF containers, as mdadm examined real ones (tools/record-containers.ts).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { parseMdUuid } from '../../src/core/md-uuid.ts';
import { type ExternalMember, judgeVolume } from '../../src/core/members/judge-volume.ts';
import { parseMdadmDetailExport } from '../../src/core/parse/mdadm-detail-export.ts';
import { parseMdadmExamine } from '../../src/core/parse/mdadm-examine.ts';

const RECORDED = join(import.meta.dirname, '../fixtures/recorded');

for (const suite of readdirSync(RECORDED).filter((name) => name.startsWith('containers-'))) {
  const read = (name: string): string => readFileSync(join(RECORDED, suite, name), 'utf8');
  const examine = (name: string, disk: string) =>
    parseMdadmExamine(read(`${name}.${disk}.txt`), read(`${name}.${disk}.brief`));
  const members = (name: string, ...disks: readonly string[]): readonly ExternalMember[] =>
    disks.map((disk) => {
      const examined = examine(name, disk);
      if (!examined.ok) throw new Error(`${name} ${disk}: ${examined.at}: ${examined.why}`);
      return { device: `ubd${disk}`, examined: examined.value };
    });
  const volumeUuid = (name: string) => {
    const details = parseMdadmDetailExport(read(`${name}.volume`));
    if (!details.ok || details.value[0] === undefined) throw new Error(`${name}: no volume`);
    return details.value[0].uuid;
  };
  const judge = (name: string, ...disks: readonly string[]) =>
    judgeVolume(volumeUuid(name), members(name, ...disks));

  for (const kind of ['imsm', 'ddf'] as const) {
    test(`${suite}: ${kind}: what a disk tells`, async (t) => {
      const two = `${kind}-two-volumes`;
      const exported = /^MD_UUID=(.*)$/m.exec(read(`${two}.b.export`))?.[1] ?? '';
      const container = parseMdUuid(exported);
      const found = members(two, 'b', 'c').map(({ examined }) => examined);
      t.match(found, [{ metadata: kind }, { metadata: kind }]);
      t.strictSame(
        found.map(({ containerUuid }) => containerUuid),
        container.ok ? [container.value, container.value] : [],
      );
      t.match(found[0]?.volumes, [
        { uuid: volumeUuid(two), level: 1, slots: ['in-sync', 'in-sync'] },
        { level: 0, slots: ['in-sync', 'in-sync'] },
      ]);
      t.strictSame(found.map(({ volumes }) => volumes[0]?.ownSlot).sort(), [0, 1]);
    });

    test(`${suite}: ${kind}: which disks of a volume are there`, async (t) => {
      const five = `${kind}-raid5`;
      t.equal(judge(five, 'b', 'c', 'd').kind, 'complete');
      t.match(judge(five, 'b', 'd'), { knownMissing: [], outdated: [] });
      t.equal(judge(five, 'b').kind, 'insufficient');
      t.equal(judge(five).kind, 'absent');
      t.strictSame(judgeVolume(volumeUuid(`${kind}-two-volumes`), members(five, 'b')), { kind: 'absent' });

      const failed = judge(`${five}-failed`, 'b', 'c', 'd');
      t.not(failed.kind, 'complete', 'the failed disk does not count');
      t.match(failed, { missingSlots: [2], knownMissing: [2] });
      t.equal(judge(`${five}-failed`, 'b', 'd').kind, 'insufficient');
    });
  }

  test(`${suite}: what does not fit together is refused`, async (t) => {
    const text = read('imsm-raid5.b.txt');
    const brief = read('imsm-raid5.b.brief');
    const refused = (more: string, shorter: string): string => {
      const result = parseMdadmExamine(more, shorter);
      return result.ok ? 'taken' : result.why;
    };
    t.match(refused('', brief), /no IMSM or DDF member/);
    t.match(refused(text, ''), /no container/);
    t.match(refused(text, `${brief}${brief}`), /two containers|twice/);
    t.match(refused(text, read('imsm-two-volumes.b.brief')), /other volumes/);
    t.match(refused(text.replace('[UUU]', '[UU]'), brief), /other slots/);
    const forged = text.replace('[v0]:', '[x]:\n Slots : [UUU]\n]:');
    t.match(refused(forged, brief), /twice/, 'a name with line breaks in it');
  });
}
