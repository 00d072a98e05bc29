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

test('GRUB of each disk is that of its modules, where /boot is on arrays alone', async (t) => {
  const judged = async (more: string, changed: boolean) => {
    const { machine, known } = await recordedBoot(FOLDER, more);
    const onDisk = await machine.files.readBytes('/dev/ubdb', 1024 * 1024, 1024);
    const core = Uint8Array.from(onDisk ?? []);
    core[1023] = (core[1023] ?? 0) ^ (changed ? 1 : 0);
    const readFile: typeof machine.files.readFile = async (path, maxBytes) =>
      path === '/boot/grub/i386-pc/core.img' ? core : machine.files.readFile(path, maxBytes);
    const whole = await readWholeBoot({ ...machine, files: { ...machine.files, readFile } }, known);
    return codes(whole.without([], true));
  };
  t.same(await judged('', false), []);
  t.same(await judged('', true), ['firmware unknown other-core']);
  t.same(await judged('/dev/ubdb /boot ext4 defaults\n', true), [], 'on a plain disk');
});
