import fc from 'fast-check';
import { test } from 'tap';
import { downStatus, runningStatus } from '../../../../src/core/inspect/array-status.ts';
import type { MachineStatus } from '../../../../src/core/inspect/machine-status.ts';
import { renderStatusJson } from '../../../../src/core/render/commands/status-json.ts';
import { nameOf, renderStatus, reportWords } from '../../../../src/core/render/commands/status-text.ts';
import type { Verdict } from '../../../../src/core/verdict/verdict.ts';
import { SAMPLE_REPORT } from '../../../support/sample-report.ts';
import {
  DATA,
  DEGRADED_SINCE_BOOT,
  HEALTHY,
  knownArray,
  machineWith,
  OLD_IMAGE,
  REBUILDING,
  ROOT,
  runningMirror,
  SPLIT_BRAIN_HELD,
} from '../../../support/status-machines.ts';

const head = (machine: MachineStatus): string => renderStatus(machine).split('\n\n')[0] ?? '';

test('each machine is understood from its first lines', async (t) => {
  t.equal(head(HEALTHY), 'OK: both arrays are complete.');
  t.equal(
    head(REBUILDING),
    `REBUILDING: array root copies its data to /dev/sdf2: 44 %, 3 h 57 min left.
  Its data is all there, but until this is done one more failed disk loses it.`,
  );
  t.equal(
    head(DEGRADED_SINCE_BOOT),
    `DEGRADED SINCE BOOT: array root runs on 1 of 2 disks.
  Its data is all there, but one more failed disk loses it.
  Missing: role 1, WDC WD40EFRX-68N (serial WD-WCC7K1XYZ123), last seen
    2026-11-20 11:00 UTC (8 days ago)
  Next: attach the disk again, and it is re-added; or add a new one:
    mdadm /dev/md0 --add /dev/DISK`,
  );
  t.equal(
    head(SPLIT_BRAIN_HELD),
    `DEGRADED SINCE BOOT: array root runs on 1 of 2 disks; /dev/sdb2 is kept out.
  Why /dev/sdb2 is kept out: it was used without role 0 (sda2), last on
    2026-11-26 08:12 UTC; it may hold data that the array lacks.
  /dev/sdb2 is WDC WD40EFRX-68N (serial WD-WCC7K1XYZ123)
  Its data is all there, but one more failed disk loses it.
  Next: save what only that disk has; this says how to put it back:
    reliable-raid readd /dev/sdb2`,
  );
  t.equal(
    head(OLD_IMAGE),
    `BOOT IMAGE OUT OF DATE: it does not know array data.
  The next boot may wait for the wrong arrays. The running system is not
    affected.
  Next: build the image anew:
    update-initramfs -u`,
  );
});

test('an image that only remembers other members leads to something else than one with another list', async (t) => {
  const changes = [{ what: 'in-sync', uuid: ROOT, name: '0' }] as const;
  t.equal(
    head({ ...OLD_IMAGE, image: { kind: 'compared', changes } }),
    `BOOT IMAGE OUT OF DATE: array md0 has other members in sync, and only the image
  remembers which.
  The next boot may take an old disk for a good one. The running system is not
    affected.
  Next: build the image anew:
    update-initramfs -u`,
  );
});

test('an image that opens another LUKS container', async (t) => {
  const changes = [{ what: 'unlock', name: 'md0_crypt' }] as const;
  t.equal(
    head({ ...OLD_IMAGE, image: { kind: 'compared', changes } }),
    `BOOT IMAGE OUT OF DATE: it opens md0_crypt otherwise than crypttab says.
  The next boot may ask for the passphrase of the wrong device. The running
    system is not affected.
  Next: build the image anew:
    update-initramfs -u`,
  );
});

test('a healthy machine is one screen: arrays with what needs them, the boot, the image, the ledger', async (t) => {
  t.equal(
    renderStatus(HEALTHY),
    `OK: both arrays are complete.

  md0 root          complete     raid1, 2 of 2 disks     for /
  md1 data          complete     raid5, 3 of 3 disks     for /srv, swap

  last boot     every array of root was complete; no wait
  boot image    up to date
  ledger        up to date, written 2 hours ago`,
  );
  t.match(renderStatus(REBUILDING), /\n {4}rebuild: 44 % done, 155 MB\/s, about 3 h 57 min left\n/);
  t.match(renderStatus(DEGRADED_SINCE_BOOT), /last boot {5}array root started degraded after 20 s/);
});

const downWith = (verdict: Verdict | null) =>
  machineWith(
    downStatus(
      { uuid: ROOT, device: null, level: 'raid1', slotCount: 2, filledCount: 0, verdict },
      knownArray(),
      [],
    ),
  );

test('what does not run says why, and what to type', async (t) => {
  for (const [verdict, words] of [
    [null, /read by root only/],
    [{ kind: 'absent' }, /None of its disks is present/],
    [{ kind: 'insufficient', missingRoles: [1] }, /Too few/],
    [{ kind: 'startable', missingRoles: [1], degradedBefore: false }, /lacks a disk/],
    [{ kind: 'complete' }, /all present/],
    [{ kind: 'unsafe', reason: { code: 'dirty-degraded' }, missingRoles: [] }, /shut down cleanly/],
  ] as const) {
    const text = head(downWith(verdict));
    t.match(text, /^NOT RUNNING: array root is not started\. \/ needs it\./);
    t.match(text, words);
    t.match(text, `\n    reliable-raid start ${ROOT}`);
  }
});

test('other faults have words of their own', async (t) => {
  t.match(head(machineWith(runningStatus(runningMirror({ state: 'broken' }), knownArray()))), /^FAILED: /);
  t.match(head({ ...HEALTHY, image: { kind: 'never-made' } }), /^BOOT IMAGE WITHOUT A LIST: /);
  t.match(
    head({ ...HEALTHY, ledger: { kind: 'recorded', atMs: 0, isCurrent: false } }),
    /^LEDGER OUT OF DATE: /,
  );
  t.match(head({ ...HEALTHY, arrays: [] }), /^NO ARRAY: /);
  const failed = runningMirror({
    degraded: 1,
    members: [
      { device: 'sda2', slot: 0, words: ['in_sync'] },
      { device: 'sdb2', slot: null, words: ['faulty'] },
    ],
  });
  t.match(
    head(machineWith(runningStatus(failed, knownArray()))),
    /\n {4}mdadm \/dev\/md0 --remove \/dev\/sdb2\n/,
  );
  t.match(head({ ...HEALTHY, unreadable: ['sda2'] }), /Not all could be read \(\/dev\/sda2\); as root/);
  const held = knownArray({ held: [{ device: 'sdz', why: 'it is old' }] });
  t.match(
    head(machineWith(runningStatus(runningMirror(), held))),
    /^KEPT OUT: array root is complete; \/dev\/sdz/,
  );
});

test('a boot in a line', async (t) => {
  t.match(reportWords(SAMPLE_REPORT), /^gave up after \d+ s: .*; it asked a question$/);
  t.match(reportWords({ ...SAMPLE_REPORT, timeline: [], outcome: null }), /did not come to its end/);
  t.match(reportWords({ ...SAMPLE_REPORT, timeline: [], outcome: 'given-back' }), /distribution's own way/);
  t.match(reportWords({ ...SAMPLE_REPORT, timeline: [], outcome: 'up' }), /was complete after 0 s/);
});

test('an array without a name is called by its device or its UUID', async (t) => {
  t.equal(nameOf({ name: '0', device: 'md0', uuid: ROOT }), 'md0');
  t.equal(nameOf({ name: '', device: 'md7', uuid: ROOT }), 'md7');
  t.equal(nameOf({ name: '', device: null, uuid: DATA }), '11111111');
});

test('colour is where it is asked for, and changes no text', async (t) => {
  const tones: string[] = [];
  const painted = renderStatus(DEGRADED_SINCE_BOOT, (tone, text) => {
    tones.push(tone);
    return `<${text}>`;
  });
  t.equal(painted.replace(/[<>]/g, ''), renderStatus(DEGRADED_SINCE_BOOT));
  t.same(tones, ['bad', 'bad', 'good']);
});

test('a boot that was left to the distribution says why', async (t) => {
  const lastBoot = { kind: 'gave-way', why: 'killed\x1b' } as const;
  t.match(renderStatus({ ...HEALTHY, lastBoot }), /left to the distribution's own way: killed\S/);
});

test('no text from a disk reaches the screen or the JSON unescaped, and no line is too long', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(text, text, text, fc.nat(1e6), (name, serial, why, slots) => {
      const disk = { byId: why, model: name, serial, sizeBytes: 1 };
      const known = knownArray({
        name,
        neededBy: [why, serial],
        members: [{ deviceUuid: 'd', role: 1, disk, ledger: { events: 1, updateTimeMs: 1, inSync: true } }],
        calledBefore: new Map([[0, why]]),
        held: [{ device: name, why }],
      });
      const array = runningStatus(
        runningMirror({ degraded: 2, raidDevices: slots, level: serial, members: [] }),
        known,
      );
      const status = machineWith(array, {
        lastBoot: { kind: 'unknown', why },
        image: { kind: 'unknown', why },
        ledger: { kind: 'unknown', why },
        unreadable: [name],
      });
      const screen = renderStatus(status);
      const json = renderStatusJson(status);
      return (
        /^[\n\x20-\x7e]*$/.test(screen) &&
        screen.split('\n').every((line) => line.length <= 79) &&
        /^[\n\x20-\x7e]*$/.test(json)
      );
    }),
    { numRuns: 200 },
  );
});
