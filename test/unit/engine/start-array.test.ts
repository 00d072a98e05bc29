import { test } from 'tap';
import { nextStartCommand } from '../../../src/core/engine/start-array.ts';
import type { Snapshot } from '../../../src/core/snapshot/snapshot.ts';
import { array, member } from '../../support/array-of-members.ts';

const md0 = { device: 'md0', external: false, uuid: array.uuid, degraded: null } as const;

test('an inactive array that holds a dead member is stopped before a start', async (t) => {
  const snapshot: Snapshot = {
    members: [member('sda', 0, 'md0'), member('sdc', 1, null)],
    arrays: [{ ...md0, state: 'inactive', deadMembers: ['sdb'] }],
  };
  t.match(nextStartCommand(snapshot, array, null, 'begin'), { kind: 'stop-array', device: 'md0' });
  const alone = { ...snapshot, members: [member('sda', 0, 'md0')] };
  t.match(nextStartCommand(alone, array, null, 'begin'), { kind: 'stop-array' }, 'nor run with it counted');
  const gone = { ...snapshot, members: [member('sdc', 0, null)] };
  t.match(nextStartCommand(gone, array, null, 'begin'), { kind: 'stop-array' });
  const freed = { members: snapshot.members.map((each) => ({ ...each, boundTo: null })), arrays: [] };
  t.match(nextStartCommand(freed, array, null, 'cleared'), { kind: 'assemble', devices: ['sda', 'sdc'] });
});

test('two md devices of one array: the one that is in the way is stopped', async (t) => {
  const snapshot: Snapshot = {
    members: [member('sda', 0, 'md0'), member('sdb', 1, 'md9')],
    arrays: [
      { ...md0, state: 'inactive', deadMembers: [] },
      { ...md0, device: 'md9', state: 'inactive', deadMembers: [] },
    ],
  };
  t.match(nextStartCommand(snapshot, array, null, 'begin'), { kind: 'stop-array', device: 'md9' });
});
