import { test } from 'tap';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import { memberSet } from '../../../src/core/snapshot/member-set.ts';
import type { PresentMember } from '../../../src/core/snapshot/snapshot.ts';
import { A, B, member, UUID } from '../../support/present-members.ts';

const OTHER = 'ffffffff:00000000:00000000:00000000' as MdUuid;

test('members of this array alone, in one order, whoever came first', async (t) => {
  const foreign = member({ ...B, device: 'sdx', superblock: { arrayUuid: OTHER } });
  const set = (...members: readonly PresentMember[]) => memberSet({ members, arrays: [] }, UUID);
  t.equal(set(member(B), foreign, member(A)), 'sda1/device-0 sdb1/device-1');
  t.equal(set(member(A), member(B)), set(member(B), member(A)));
  t.equal(set(foreign), '');
  t.not(
    set(member(A)),
    set(member({ ...A, device: 'sdz' })),
    'the same member at another device is another set',
  );
});

test('disks of a container by their slot, those without one as spares', async (t) => {
  const disk = (device: string, uuid: MdUuid, ownSlot: number | null) => ({
    device,
    examined: {
      metadata: 'imsm' as const,
      containerUuid: OTHER,
      generation: 1,
      volumes: [{ uuid, level: 1, slots: [], ownSlot, clean: true }],
    },
  });
  const external = [
    disk('sdc', UUID, 1),
    disk('sdd', UUID, null),
    disk('sde', OTHER, 0),
    { device: 'sdf', examined: null },
  ];
  t.equal(memberSet({ members: [], arrays: [], external }, UUID), 'sdc/1 sdd/spare');
});
