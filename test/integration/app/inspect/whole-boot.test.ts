import { test } from 'tap';
import { readWholeBoot } from '../../../../src/app/inspect/whole-boot.ts';
import { recordedBoot } from '../../../support/recorded-boot.ts';

const FOLDER = 'trixie-mdadm-4.4/metadata-versions';
const codes = (findings: readonly { stage: string; grade: string; code: string }[]) =>
  findings.map(({ stage, grade, code }) => `${stage} ${grade} ${code}`);

test('the stages around the arrays of root', async (t) => {
  const { machine, known } = await recordedBoot(FOLDER, '/dev/ubdb /boot ext4 defaults\n');
  const whole = await readWholeBoot(machine, known);
  t.same(codes(whole.without([], true)), []);
  t.same(codes(whole.without(['ubdb'], true)), ['loader stop boot-gone', 'after-root stop gone']);
  t.same(
    codes(whole.without(['ubdb'], false)),
    ['loader stop boot-gone'],
    'what comes after root is not reached',
  );
  const all = whole.disks.filter((disk) => disk !== 'ubda');
  t.match(codes(whole.without(all, false)), ['firmware unknown unread'], 'ubda was not recorded');
});

test('/boot in root is there where root is', async (t) => {
  const { machine, known } = await recordedBoot(FOLDER);
  const whole = await readWholeBoot(machine, known);
  t.same(codes(whole.without(['ubdb'], true)), []);
  t.same(codes(whole.without(['ubdb', 'ubdc'], false)), ['loader stop boot-gone']);
});
