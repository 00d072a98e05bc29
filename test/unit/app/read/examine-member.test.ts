import { test } from 'tap';
import { examineMember } from '../../../../src/app/read/examine-member.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { CONTAINER_SUITES, recordedContainers } from '../../../support/recorded-containers.ts';

const containers = recordedContainers(CONTAINER_SUITES[0] ?? '');
const said = (brief: boolean) => containers.read(`imsm-raid5.b.${brief ? 'brief' : 'txt'}`);

test('both outputs are needed, and must fit together', async (t) => {
  const ask = (answers: Parameters<typeof answeringRunner>[0]) =>
    examineMember(answeringRunner(answers), '/dev/sda');
  const isBrief = (argv: readonly string[]) => argv.includes('--brief');
  t.match(await ask((argv) => ({ stdout: said(isBrief(argv)) })), { metadata: 'imsm' });
  t.equal(await ask((argv) => ({ stdout: said(isBrief(argv)), status: isBrief(argv) ? 1 : 0 })), null);
  t.equal(await ask((argv) => ({ stdout: said(isBrief(argv)), status: isBrief(argv) ? 0 : 1 })), null);
  t.equal(await ask(() => ({ stdout: said(false) })), null, 'no --brief in it');
  t.equal(await ask(() => null), null, 'mdadm is not there');
});
