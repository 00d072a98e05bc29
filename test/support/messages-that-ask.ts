import type { Message } from '../../src/core/engine/messages.ts';
import { INITRAMFS_TOOLS } from '../../src/core/image/generator.ts';
import type { AfterRootFinding } from '../../src/core/inspect/after-root.ts';
import { type Condition, downStatus, runningStatus } from '../../src/core/inspect/array-status.ts';
import type { FirmwareFinding } from '../../src/core/inspect/firmware.ts';
import type { ImageFinding } from '../../src/core/inspect/image.ts';
import type { KernelFinding } from '../../src/core/inspect/kernel.ts';
import type { LateMemberFinding } from '../../src/core/inspect/late-members.ts';
import type { LoaderFinding } from '../../src/core/inspect/loader.ts';
import type { MachineStatus, Problem } from '../../src/core/inspect/machine-status.ts';
import type { Demand } from '../../src/core/inspect/mount-demands.ts';
import type { UnlockFinding } from '../../src/core/inspect/unlocking.ts';
import type { EventKind } from '../../src/core/notices/event.ts';
import type { ReaddOutcome } from '../../src/core/rejoin/readd-outcome.ts';
import { findingText } from '../../src/core/render/commands/finding-text.ts';
import { renderReadd } from '../../src/core/render/commands/readd-report.ts';
import { renderStatus } from '../../src/core/render/commands/status-text.ts';
import { unfitAdvice, unfitWords } from '../../src/core/render/console/members.ts';
import { renderMessage } from '../../src/core/render/console/message.ts';
import { reasonWords } from '../../src/core/render/console/reason.ts';
import { eventWords } from '../../src/core/render/notices/event-words.ts';
import { type Presence, presenceOf, type UnfitReason } from '../../src/core/verdict/presence.ts';
import type { Question } from '../../src/core/verdict/question.ts';
import type { UnsafeReason, Verdict } from '../../src/core/verdict/verdict.ts';
import { listOf } from './ledger-entries.ts';
import { fault } from './notice-events.ts';
import { A, member, seen, watched, watchedMember } from './present-members.ts';
import {
  DATA,
  DEGRADED_SINCE_BOOT,
  HEALTHY,
  knownArray,
  machineWith,
  NOW_MS,
  OLD_IMAGE,
  REBUILDING,
  ROOT,
  runningMirror,
} from './status-machines.ts';

// A text of every kind of message, as it is shown. The tables are typed by the kinds themselves: a new kind does not compile without
// its text here. `null`: it asks nobody for anything.

/** Of each kind: what was rendered. */
type Texts<K extends string> = { readonly [kind in K]: readonly string[] | null };

const array = watched([watchedMember(0, 0, 90), watchedMember(1, 1, 90)]);
const snapshot = seen(member(A));
const startable: Verdict = { kind: 'startable', missingRoles: [1], degradedBefore: false };
const tooFew: Verdict = { kind: 'insufficient', missingRoles: [0, 1] };
const presence: Presence = presenceOf(array, snapshot, startable);
const shellDenied = { by: 'configuration' } as const;
const question: Question = { reason: { code: 'dirty-degraded' }, missingRoles: [1], choices: [] };
const choice = {
  ...{ answer: { devices: new Set<string>(), accepts: new Set<never>(), whenPresent: '' } },
  ...{
    members: [{ ...member(A), role: 0 }],
    events: 1,
    updateTimeMs: 0,
    missingRoles: [1],
    slotCount: 2,
    leavesOut: [],
  },
};

const notice = (verdict: Verdict, policy: 'start' | 'ask' | 'never', more: Partial<Presence> = {}): string =>
  renderMessage({
    ...{ kind: 'notice', canStart: true, shellDenied },
    arrays: [
      {
        ...{ array, verdict, policy, waitedMs: 10_000, leftMs: 10_000, writtenMs: null },
        presence: { ...presence, ...more },
      },
    ],
  });

const notStarted = (verdict: Verdict, failed = false): string =>
  renderMessage({
    ...{ kind: 'not-startable', array, verdict, presence },
    failure: failed ? { reason: 'not-run', device: 'md0', detail: '', attempts: 1 } : null,
  });

const ENGINE: Texts<Message['kind']> = {
  notice: [
    notice(startable, 'start'),
    notice({ kind: 'complete' }, 'start', { filledCount: 2, absent: [] }),
    notice(startable, 'ask'),
    notice(startable, 'never'),
  ],
  question: [renderMessage({ kind: 'question', array, question, presence, shellDenied })],
  confirm: [renderMessage({ kind: 'confirm', array, number: 1, choice })],
  chosen: null,
  withdrawn: null,
  starting: [renderMessage({ kind: 'starting', array, presence, wasNoticed: true, writtenMs: null })],
  'not-startable': [
    notStarted(tooFew),
    notStarted(startable),
    notStarted(startable, true),
    notStarted({ kind: 'unsafe', reason: { code: 'dirty-degraded' }, missingRoles: [1] }),
  ],
  up: null,
  'runs-degraded': [renderMessage({ kind: 'runs-degraded', arrays: [array] })],
  unlisted: (['outdated', 'too-few', 'not-followed'] as const).map((because) =>
    renderMessage({ kind: 'unlisted', arrays: [array], because }),
  ),
  'not-needed': [renderMessage({ kind: 'not-needed', arrays: [array], rebuild: 'update-initramfs -u' })],
  'no-shell': [renderMessage({ kind: 'no-shell', why: shellDenied })],
  'shell-greeting': [
    renderMessage({ kind: 'shell-greeting', watchlist: listOf(array), snapshot, stale: 'ask' }),
  ],
  handover: [renderMessage({ kind: 'handover', arrays: [array], reportPath: '/run/x' })],
};

const REASONS: Texts<UnsafeReason['code']> = {
  'dirty-degraded': [reasonWords({ code: 'dirty-degraded' })],
  'journal-missing': [reasonWords({ code: 'journal-missing' })],
  reshape: [reasonWords({ code: 'reshape' })],
  'unknown-level': [reasonWords({ code: 'unknown-level', level: -5 })],
  'split-brain': [[0, 1], [0]].map((roles) =>
    reasonWords({
      code: 'split-brain',
      members: roles.map((role) => ({ device: `sd${role}`, role, writtenMs: 0 })),
    }),
  ),
  stale: [reasonWords({ code: 'stale', writtenMs: 0, behind: 8, newer: { writtenMs: 1 } })],
  'duplicate-members': [null, 'WD-1'].map((disk) =>
    reasonWords({ code: 'duplicate-members', devices: ['sda1', 'sdb1'], role: 0, disk }),
  ),
  'external-metadata': [
    reasonWords({ code: 'external-metadata', metadata: 'imsm', disks: null }),
    reasonWords({
      ...{ code: 'external-metadata', metadata: 'imsm' },
      disks: { unread: ['sda'], silent: [], volume: null, container: null },
    }),
  ],
};

const unfit = (why: UnfitReason): string => `does not count: ${unfitWords(why)}`;
const withUnfit: Presence = {
  ...presence,
  unfit: [{ device: 'sdb1', role: 1, disk: null, why: { code: 'failed' } }],
};

const UNFIT: Texts<UnfitReason['code']> = {
  failed: [unfit({ code: 'failed' }), ...unfitAdvice(withUnfit, tooFew)],
  rebuilding: [unfit({ code: 'rebuilding' })],
  'left-out': [unfit({ code: 'left-out' })],
  spare: [unfit({ code: 'spare' })],
  outdated: [unfit({ code: 'outdated' })],
  older: [unfit({ code: 'older', behind: 1, writtenMs: 0 })],
  unreadable: [unfit({ code: 'unreadable' })],
  'other-array': [unfit({ code: 'other-array' })],
};

/** What is above the first empty line, where the problems are. */
const head = (machine: MachineStatus): string => renderStatus(machine).split('\n\n')[0] ?? '';
const HELD = [{ device: 'sdb2', why: 'it was used without role 0 (sda2)' }];
const ALONE = [{ device: 'sda2', slot: 0, words: ['in_sync'] }];

const CONDITIONS: Texts<Condition> = {
  complete: [head(machineWith(runningStatus(runningMirror(), knownArray({ held: HELD }))))],
  rebuilding: [head(REBUILDING)],
  degraded: [
    head(machineWith(runningStatus(runningMirror({ degraded: 1, members: ALONE }), knownArray()))),
    head(DEGRADED_SINCE_BOOT),
    head(
      machineWith(
        runningStatus(
          runningMirror({
            degraded: 1,
            members: [...ALONE, { device: 'sdb2', slot: 1, words: ['faulty'] }],
          }),
          knownArray(),
        ),
      ),
    ),
  ],
  failed: [head(machineWith(runningStatus(runningMirror({ state: 'broken' }), knownArray())))],
  down: [
    head(
      machineWith(
        downStatus(
          { uuid: ROOT, device: null, level: 'raid1', slotCount: 2, filledCount: 1, verdict: startable },
          knownArray(),
          [1],
        ),
      ),
    ),
  ],
};

const PROBLEMS: Texts<Problem['kind']> = {
  array: null, // by its condition, above
  'old-image': [head(OLD_IMAGE)],
  'no-image-list': [head({ ...HEALTHY, image: { kind: 'never-made' } })],
  'old-ledger': [head({ ...HEALTHY, ledger: { kind: 'recorded', atMs: NOW_MS, isCurrent: false } })],
};

const shown = (finding: Parameters<typeof findingText>[0]): string => {
  const { text, remedy } = findingText(finding);
  return remedy === null ? text : `${text}. ${remedy}`;
};

const firmware = { stage: 'firmware', grade: 'stop' } as const;
const hint = { loader: 'grub', devices: ['sdb'] } as const;
const FIRMWARE: Texts<FirmwareFinding['code']> = {
  'no-loader': [
    shown({ ...firmware, code: 'no-loader', firmware: 'bios', hint }),
    shown({ ...firmware, code: 'no-loader', firmware: 'efi', hint }),
    shown({ stage: 'firmware', grade: 'unknown', code: 'no-loader', firmware: 'bios', hint }),
  ],
  'no-variables': [shown({ ...firmware, code: 'no-variables' })],
  'removable-path': [shown({ ...firmware, code: 'removable-path', device: 'sdb1' })],
  'other-loader': [shown({ ...firmware, code: 'other-loader', device: 'sda1', path: null })],
  'other-entries': [shown({ ...firmware, code: 'other-entries', names: ['PXE'], hint })],
  unread: [shown({ ...firmware, code: 'unread', devices: ['sda'] })],
  'no-core': [shown({ ...firmware, code: 'no-core', device: 'sda' })],
  'other-core': [shown({ ...firmware, code: 'other-core', devices: ['sdb'] })],
  'empty-sector': [shown({ ...firmware, code: 'empty-sector', devices: ['sdb'] })],
};

const loader = { stage: 'loader', grade: 'stop' } as const;
const LOADER: Texts<LoaderFinding['code']> = {
  'boot-gone': [
    shown({ ...loader, code: 'boot-gone', place: '/' }),
    shown({ ...loader, code: 'boot-gone', place: '/boot' }),
  ],
  'boot-lost': [shown({ ...loader, code: 'boot-lost', place: '/' })],
  'asks-passphrase': [shown({ ...loader, code: 'asks-passphrase', place: '/' })],
  'other-file-system': [
    shown({ ...loader, code: 'other-file-system', device: 'sda1', uuid: 'a', wanted: 'b' }),
  ],
  'menu-root-gone': [shown({ ...loader, code: 'menu-root-gone', source: 'UUID=a' })],
  'menu-root-other': [shown({ ...loader, grade: 'unknown', code: 'menu-root-other', source: 'UUID=a' })],
  'no-entries': [shown({ ...loader, code: 'no-entries', device: 'sda1', hasOther: true })],
  'broken-entry': [shown({ ...loader, code: 'broken-entry', device: 'sda1', entry: 'x', missing: '/y' })],
};

const image = { stage: 'image', grade: 'stop', generator: INITRAMFS_TOOLS } as const;
const kernel = { kernel: '6.1', isDefault: true };
const changes = [{ what: 'new', uuid: DATA, name: 'data' }] as const;
const IMAGE: Texts<ImageFinding['code']> = {
  'no-kernel': [shown({ stage: 'image', grade: 'unknown', code: 'no-kernel' })],
  'old-list': [shown({ ...image, code: 'old-list', changes })],
  'old-members': [shown({ ...image, code: 'old-members', changes })],
  'no-image': [shown({ ...image, ...kernel, code: 'no-image' })],
  unread: [shown({ ...image, ...kernel, code: 'unread' })],
  'no-engine': [shown({ ...image, ...kernel, code: 'no-engine' })],
  'no-mdadm': [shown({ ...image, ...kernel, code: 'no-mdadm' })],
  'no-module': [shown({ ...image, ...kernel, code: 'no-module', modules: ['raid1'] })],
};

const UNLOCK: Texts<UnlockFinding['code']> = {
  'not-opened': [
    shown({ stage: 'image', grade: 'unknown', code: 'not-opened', mapping: 'x', at: '/etc/crypttab' }),
  ],
  'opened-elsewhere': [
    shown({
      ...{ stage: 'image', grade: 'stop', code: 'opened-elsewhere' },
      ...{ mapping: 'x', at: '/etc/crypttab:1', uuid: 'u' },
    }),
  ],
  'not-named': [shown({ stage: 'image', grade: 'unknown', code: 'not-named', mapping: 'x', uuid: 'ab-cd' })],
};

const tooOld = {
  stage: 'kernel',
  grade: 'stop',
  feature: 'logical-block-size',
  needs: '6.19',
  array,
  ...kernel,
} as const;
const KERNEL: Texts<KernelFinding['code']> = {
  'too-old': [
    shown({ ...tooOld, code: 'too-old' }),
    shown({ ...tooOld, code: 'too-old', feature: 'llbitmap', needs: '6.18' }),
  ],
  'no-version': [shown({ ...tooOld, code: 'no-version' })],
};

const LATE: Texts<LateMemberFinding['code']> = {
  late: [
    shown({
      ...{ stage: 'arrays', grade: 'note', code: 'late', array, device: 'sdb1' },
      ...{ cameAfterMs: 19_000, bootedAtMs: 0, enoughS: 30 },
    }),
  ],
};

const demand: Demand = {
  ...{ kind: 'mount', name: '/data', source: 'UUID=x', at: { path: '/etc/fstab', line: 3 } },
  ...{ weight: 'required', waitMs: 90_000, isWaitSet: false, isByHand: false },
  ...{ ways: [], lost: null, inside: [] },
};
const after = { stage: 'after-root', grade: 'stop', inside: null } as const;
const later = { stage: 'after-root', grade: 'note', array, missingRoles: [1] } as const;
const AFTER_ROOT: Texts<AfterRootFinding['code']> = {
  gone: [
    shown({ ...after, code: 'gone', demand }),
    shown({ ...after, code: 'gone', demand, inside: '/srv' }),
    shown({ ...after, code: 'gone', demand: { ...demand, weight: 'awaited' } }),
    shown({ ...after, code: 'gone', demand: { ...demand, waitMs: null } }),
  ],
  lost: [shown({ ...after, code: 'lost', demand: { ...demand, lost: 'nobody knows it' } })],
  degraded: [shown({ ...later, code: 'degraded' })],
  'not-started': [shown({ ...later, code: 'not-started' })],
  'held-back': [
    shown({ ...later, code: 'held-back', array: { ...array, degraded: 'never' } }),
    shown({ ...later, code: 'held-back', array: { ...array, degraded: 'ask' } }),
  ],
};

const told = (kind: EventKind): readonly string[] => [
  eventWords({ how: 'new', event: { ...fault('degraded'), kind, detail: 'x' } }).what,
];
const EVENTS: Texts<EventKind> = {
  'array-failed': told('array-failed'),
  'not-started': told('not-started'),
  'question-open': told('question-open'),
  degraded: told('degraded'),
  'member-held': told('member-held'),
  'program-gave-way': told('program-gave-way'),
  'boot-endangered': told('boot-endangered'),
  'image-outdated': told('image-outdated'),
  'channel-failed': told('channel-failed'),
  'started-degraded': told('started-degraded'),
  'question-answered': told('question-answered'),
  'member-failed': told('member-failed'),
  'member-gone': told('member-gone'),
  'member-back': told('member-back'),
  'member-readded': null,
  'rebuild-finished': null,
};

const outcome = (result: ReaddOutcome['result']): readonly string[] => [
  renderReadd([
    {
      ...{ device: 'sdb2', disk: '', array: 'md0', arrayUuid: ROOT, result, code: null },
      ...{ reason: 'it was used without role 0 (sda2)', command: null, advice: ['wipefs'] },
    },
  ]),
];
const READDS: Texts<ReaddOutcome['result']> = {
  refused: outcome('refused'),
  failed: outcome('failed'),
  're-added': null,
  rebuilding: null,
  'would-re-add': null,
  member: null,
  none: null,
};

export const MESSAGES: Readonly<Record<string, Texts<string>>> = {
  'on the console': ENGINE,
  'why an array is not started': REASONS,
  'why a disk does not count': UNFIT,
  'status, an array': CONDITIONS,
  'status, the machine': PROBLEMS,
  'explain, firmware': FIRMWARE,
  'explain, boot loader': LOADER,
  'explain, image': IMAGE,
  'explain, unlock': UNLOCK,
  'explain, kernel': KERNEL,
  'explain, arrays': LATE,
  'explain, after root': AFTER_ROOT,
  notices: EVENTS,
  readd: READDS,
};
