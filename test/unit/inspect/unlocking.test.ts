import { test } from 'tap';
import { judgeNamed, judgeUnlocks } from '../../../src/core/inspect/unlocking.ts';
import { parseCrypttab } from '../../../src/core/parse/crypttab.ts';
import { parseKernelCmdline } from '../../../src/core/parse/kernel-cmdline.ts';
import type { BlockNode } from '../../../src/core/topology/block-graph.ts';
import { device } from '../../support/block-devices.ts';

const node = (
  id: string,
  kind: string,
  standsOn: readonly string[],
  uuid: string | null = null,
): BlockNode => ({
  ...{ id, kind, standsOn, dmUuid: null },
  name: kind === 'crypt' ? `${id}_crypt` : id,
  device: device(id, { uuid }),
});
const GRAPH = new Map(
  [
    node('dm-0', 'crypt', ['md0']),
    node('md0', 'raid1', [], 'AB-cd'),
    node('dm-1', 'crypt', ['md1']),
    node('md1', 'raid1', []),
  ].map((one) => [one.id, one] as const),
);
const judged = (crypttab: string, needed: readonly string[] = ['dm-0', 'md0'], cmdline = 'quiet') =>
  judgeUnlocks(
    {
      crypttab: parseCrypttab(crypttab).entries,
      crypttabAt: '/etc/crypttab',
      cmdline: parseKernelCmdline(cmdline),
    },
    new Set(needed),
    GRAPH,
  ).map(
    ({ grade, code, mapping, ...finding }) =>
      `${grade} ${code} ${mapping} ${'at' in finding ? finding.at : ''}`,
  );

test('a mapping that the boot stands on needs a line that leads to it', async (t) => {
  t.same(judged('dm-0_crypt UUID=ab-CD none luks'), []);
  t.same(judged(''), ['unknown not-opened dm-0_crypt /etc/crypttab']);
  t.same(judged('other UUID=ab-cd none luks'), ['unknown not-opened dm-0_crypt /etc/crypttab']);
  t.same(judged('\ndm-0_crypt UUID=other none luks'), ['stop opened-elsewhere dm-0_crypt /etc/crypttab:2']);
});

test('nothing is said where nobody can tell', async (t) => {
  t.same(judged('dm-0_crypt /dev/md0 none luks'), [], 'a path');
  t.same(judged('dm-1_crypt UUID=x none header=/boot/h', ['dm-1', 'md1']), [], 'its header is elsewhere');
  t.same(judged('', ['md0']), [], 'the boot does not need it');
  t.same(judged('', ['dm-0'], 'cryptopts=target=x'), [], 'the kernel command line says how');
});

test('dracut: a kernel command line that names LUKS devices has to name those that the boot stands on', async (t) => {
  const named = (cmdline: string, needed: readonly string[] = ['dm-0', 'md0']) =>
    judgeNamed(parseKernelCmdline(cmdline), new Set(needed), GRAPH).map(
      ({ code, mapping }) => `${code} ${mapping}`,
    );
  t.same(named('quiet'), [], 'none is named: crypttab is what counts');
  for (const given of [
    'rd.luks.uuid=AB-cd',
    'rd.luks.uuid=luks-ab',
    'rd.luks.name=ab-cd=top',
    'luks.uuid=ab-cd',
  ])
    t.same(named(`rd.luks.uuid=other ${given}`), [], given);
  t.same(named('rd.luks.uuid=other'), ['not-named dm-0_crypt']);
  t.same(named('rd.luks.uuid=other', ['dm-1', 'md1']), [], 'its UUID is not known');
  t.same(named('rd.luks.uuid=other', ['md0']), [], 'the boot does not need it');
  t.same(named('rd.luks.uuid=other rd.luks.serial=x'), [], 'named in another way');
});
