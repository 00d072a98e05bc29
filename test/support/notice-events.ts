import type { NoticeEvent, StandingKind } from '../../src/core/notices/event.ts';
import type { NoticeFacts, SeenArray, SeenMember } from '../../src/core/notices/facts.ts';
import { NOW_MS, ROOT } from './status-machines.ts';

// Looks at one mirror, and what is wrong with it.

export const DAY_MS = 86_400_000;
const about = { uuid: ROOT, name: 'root', device: 'md0' };

export const fault = (kind: StandingKind, more: Partial<NoticeEvent<StandingKind>> = {}) => ({
  ...{ kind, key: `${ROOT}/${kind}`, array: about, disks: ['WDC WD40EFRX-68N, serial WD-1'], detail: '' },
  ...more,
});

export const mirror = (first: SeenMember['state'] | null, second: SeenMember['state'] | null): SeenArray => ({
  ...about,
  isRunning: true,
  members: [first, second].flatMap((state, n) =>
    state === null ? [] : [{ id: `device-${n}`, disk: `/dev/sd${'ab'[n]}`, state }],
  ),
});

export const look = (more: Partial<NoticeFacts> = {}): NoticeFacts => ({
  nowMs: NOW_MS,
  bootId: 'boot-1',
  arrays: [mirror('in-sync', 'in-sync')],
  standing: [],
  reported: [],
  heard: [],
  isWhole: true,
  ...more,
});
