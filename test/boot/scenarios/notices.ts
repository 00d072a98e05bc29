// What people are told of what happens to arrays and boots: where it arrives, how often, and when it is over. Scripts stand for the mail
// program and for what listens at the URL; the journal, the login message and the program are what they are.
import { array, ends, priorBootSaid } from '../scenario/expect.ts';
import { after, type PriorBoot, type Scenario, type } from '../scenario/scenario.ts';
import {
  boots,
  channels,
  counted,
  filled,
  keepsJournal,
  later,
  look,
  lookedInVain,
  MOTD,
  nothingRuns,
  quiet,
  tally,
  told,
  UNIT,
  until,
  withFile,
} from './told-words.ts';
import { engine, member, shortWait, systemUp } from './words.ts';

const [second, third, fourth] = [member('disk2'), member('disk3'), member('disk4')];
const slow = 'echo 100 >/sys/block/md1/md/sync_speed_min; echo 150 >/sys/block/md1/md/sync_speed_max';
const fast = 'echo system >/sys/block/md1/md/sync_speed_min; echo system >/sys/block/md1/md/sync_speed_max';
/** Somebody at the console chooses a copy. */
const answered = (copy: string) => [
  after(/QUESTION: array /, type(copy), 1),
  after(/\[y\] yes/, type('y'), 0.5),
];
/** And is told of it. */
const answers = (copy: string, ...run: readonly (string | readonly string[])[]): PriorBoot => ({
  ...boots(
    until(`journalctl -b -q -o cat -u ${UNIT}.service | grep -q "wall: sent"`),
    until(quiet),
    ...run,
    tally,
  ),
  steps: answered(copy),
});
const config = (text: string) => withFile('/etc/reliable-raid/config.toml', '644', text);
const image = '/boot/initrd.img-$(ls /lib/modules | tail -n 1)';

/** Of the array that is not started, and the setting that says so, which makes the image old. */
const NOT_STARTED = {
  'journal: new not-started': 1,
  'journal: healed not-started': 1,
  'journal: new image-outdated': 1,
  'program: ArrayNotStarted': 1,
  'program: HealedArrayNotStarted': 1,
  'program: ImageOutdated': 1,
};

/** Only where the kernel command line says so. */
const killedWhere = (word: string): string =>
  `case "$(cat /proc/cmdline)" in *${word}*) (until [ -s /run/reliable-raid/engine.pid ]; do sleep 0.5; done; sleep 2; read -r pid </run/reliable-raid/engine.pid; case $(readlink /proc/$pid/exe) in /${engine}) kill -9 $pid ;; esac) >/dev/null 2>&1 </dev/null & ;; esac`;

export const notices: readonly Scenario[] = [
  {
    id: 'N1',
    title:
      'a degraded boot is told once on each channel, not again by the next, each day, and its end once; two boots later nothing more was said',
    layout: 'raid1-plus-data',
    before: [
      boots(keepsJournal, channels, nothingRuns),
      {
        absent: ['disk2'],
        run: [...told('DegradedArray'), tally, `systemctl is-active ${UNIT}.timer`],
      },
      {
        absent: ['disk2'],
        run: [...lookedInVain, tally, later('24 hours'), ...look, later(), ...look, tally],
      },
      {
        run: [
          // Where it is not re-added by itself, it is filled anew.
          `test -e /sys/class/block/$(basename $(readlink -f ${second}))/holders/md0 || { mdadm --zero-superblock ${second}; mdadm /dev/md0 --add ${second}; }`,
          until('test "$(cat /sys/block/md0/md/degraded)" = 0'),
          ...told('HealedDegradedArray'),
          until('test ! -e /var/lib/reliable-raid/told-lasts'),
          tally,
        ],
      },
      boots(nothingRuns, tally),
      boots(nothingRuns, tally),
    ],
    kernelArguments: [shortWait],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md0', { degraded: 0 }),
      ...[1, 2].flatMap((boot) =>
        counted(
          [boot],
          {
            'journal: new degraded md0': 1,
            // Which disk was last in sync.
            'journal: new image-outdated': 1,
            'program: DegradedArray /dev/md0': 1,
            'program: ImageOutdated': 1,
            'mail: ': 1,
            'mail: array 0 .md0. lacks a disk since the boot': 1,
            'url: ': 1,
            'url: array 0 .md0. lacks a disk since the boot': 1,
          },
          0,
        ),
      ),
      ...counted([2], {
        'journal: new degraded md0': 1,
        'journal: again degraded md0': 1,
        'journal: new image-outdated': 1,
        'journal: again image-outdated': 1,
        'program: DegradedArray /dev/md0': 2,
        'program: ImageOutdated': 2,
        'mail: ': 2,
        'mail: still: array 0 .md0. lacks a disk': 1,
        'url: ': 2,
        'url: still: array 0 .md0. lacks a disk': 1,
      }),
      ...counted([3, 4, 5], {
        'journal: new degraded md0': 1,
        'journal: again degraded md0': 1,
        'journal: healed degraded md0': 1,
        'journal: new image-outdated': 1,
        'journal: again image-outdated': 1,
        'journal: healed image-outdated': 1,
        ...filled('md0'),
        'program: DegradedArray /dev/md0': 2,
        'program: ImageOutdated': 2,
        'program: HealedImageOutdated': 1,
        'program: HealedDegradedArray /dev/md0': 1,
        'mail: array 0 .md0. lacks a disk since the boot': 1,
        'mail: still: array 0 .md0. lacks a disk': 1,
        'mail: array 0 .md0. is complete again': 1,
        'url: array 0 .md0. is complete again': 1,
      }),
      priorBootSaid(2, /\nreliable-raid: array 0 \(md0\) lacks a disk/),
      ...[3, 4, 5].map((boot) => priorBootSaid(boot, /\nno motd/)),
    ],
  },
  {
    id: 'N2',
    title:
      'a member fails and is back, fails, is replaced and filled, goes, is re-added; the image gets old, the next boot endangered: each told once on each channel, across two boots',
    layout: 'raid1-plus-data',
    before: [
      boots(
        keepsJournal,
        channels,
        nothingRuns,
        'reliable-raid verify || true',
        // A cable that is bad: back before anybody looks.
        `mdadm --quiet /dev/md1 --fail ${fourth}; ${until('grep -q "^Fail md1 " /run/reliable-raid/md-failures')}`,
        `mdadm --quiet /dev/md1 --remove ${fourth}; mdadm --quiet /dev/md1 --re-add ${fourth}; mdadm --wait /dev/md1 || true; cat /proc/mdstat`,
        told('Fail /dev/md1'),
        tally,
        // A disk that is broken.
        later(),
        `mdadm --quiet /dev/md1 --fail ${fourth}`,
        told('DegradedArray /dev/md1'),
        later(),
        `mdadm --quiet /dev/md1 --remove ${fourth}; mdadm --zero-superblock ${fourth}`,
        `${slow}; mdadm --quiet /dev/md1 --add ${fourth}`,
        told('RebuildStarted /dev/md1'),
        'reliable-raid status || true',
        later(),
        `${fast}; mdadm --wait /dev/md1 || true`,
        told('RebuildFinished /dev/md1'),
        told('HealedDegradedArray /dev/md1'),
        tally,
      ),
      boots(
        // A disk that is taken out, and put back.
        later(),
        `mdadm --quiet /dev/md1 --fail ${fourth} --remove ${fourth}`,
        told('MemberGone /dev/md1'),
        told('DegradedArray /dev/md1', 2),
        later(),
        `mdadm --quiet /dev/md1 --re-add ${fourth}; mdadm --wait /dev/md1 || true`,
        told('SpareActive /dev/md1'),
        told('HealedDegradedArray /dev/md1', 2),
        later(),
        config('[array."md0"]\nwait = 33\n'),
        told('ImageOutdated'),
        'reliable-raid status || true',
        later(),
        'rm /etc/reliable-raid/config.toml',
        told('HealedImageOutdated'),
        later(),
        `mv ${image} /root/; systemctl start reliable-raid-images.service`,
        told('BootEndangered'),
        later(),
        `mv /root/initrd.img-* /boot/`,
        look,
        told('HealedBootEndangered'),
        tally,
      ),
      boots(nothingRuns, tally),
      boots(nothingRuns, tally),
    ],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md1', { degraded: 0 }),
      ...counted([0], {
        'journal: new member-failed md1': 2,
        'journal: new degraded md1': 1,
        'journal: new member-back md1': 1,
        'journal: new rebuild-finished md1': 1,
        'journal: healed degraded md1': 1,
        'program: Fail /dev/md1': 2,
        'program: DegradedArray /dev/md1': 1,
        'program: RebuildStarted /dev/md1': 1,
        'program: RebuildFinished /dev/md1': 1,
        'program: HealedDegradedArray /dev/md1': 1,
        'mail: md failed a disk of array 1 .md1., and it is in sync again': 1,
        'mail: array 1 .md1. is complete again': 1,
        'url: md failed a disk of array 1 .md1., and it is in sync again': 1,
        'url: array 1 .md1. is complete again': 1,
      }),
      ...counted([1, 2, 3], {
        'journal: new member-failed md1': 2,
        'journal: new degraded md1': 2,
        'journal: new member-back md1': 1,
        'journal: new rebuild-finished md1': 1,
        'journal: new member-gone md1': 1,
        'journal: new member-readded md1': 1,
        'journal: healed degraded md1': 2,
        'journal: new image-outdated': 1,
        'journal: healed image-outdated': 1,
        'journal: new boot-endangered': 1,
        'journal: healed boot-endangered': 1,
        'program: Fail /dev/md1': 2,
        'program: DegradedArray /dev/md1': 2,
        'program: RebuildStarted /dev/md1': 1,
        'program: RebuildFinished /dev/md1': 1,
        'program: MemberGone /dev/md1': 1,
        'program: SpareActive /dev/md1': 1,
        'program: HealedDegradedArray /dev/md1': 2,
        'program: ImageOutdated /dev/md': 1,
        'program: HealedImageOutdated /dev/md': 1,
        'program: BootEndangered /dev/md': 1,
        'program: HealedBootEndangered /dev/md': 1,
        'mail: the boot image is older than the arrays': 1,
        'mail: the boot image is up to date': 1,
        'mail: the next boot may not come up': 1,
        'mail: the next boot is certain again': 1,
        'url: the boot image is older than the arrays': 1,
        'url: the next boot may not come up': 1,
        'url: the next boot is certain again': 1,
        'journal: again': 0,
      }),
      priorBootSaid(3, /\nno motd/),
    ],
  },
  {
    id: 'N3',
    title:
      'an array is not started, then started by hand; its halves come apart, a question is open, is answered, and the other half is filled anew: each told once on each channel, across two boots',
    layout: 'raid1-plus-data',
    kernelArguments: [shortWait],
    before: [
      boots(
        keepsJournal,
        channels,
        nothingRuns,
        config('[array."md1"]\ndegraded = "never"\n'),
        'reliable-raid images --auto || true',
      ),
      { absent: ['disk4'], run: [...told('ArrayNotStarted'), tally] },
      {
        absent: ['disk4'],
        run: [
          ...lookedInVain,
          tally,
          later(),
          'reliable-raid start md1 </dev/null',
          'dd if=/dev/zero of=/dev/md1 bs=64K count=4 conv=fsync status=none',
          ...told('HealedArrayNotStarted'),
          ...told('DegradedArray'),
          tally,
          'reliable-raid ledger',
        ],
      },
      {
        absent: ['disk3'],
        // An older copy alone is asked about; who starts it by hand has answered.
        run: [
          ...told('QuestionOpen'),
          tally,
          later(),
          `mdadm --assemble --run /dev/md1 ${fourth}`,
          'dd if=/dev/urandom of=/dev/md1 bs=64K count=4 conv=fsync status=none; sync; reliable-raid ledger',
          ...look,
          ...told('HealedQuestionOpen'),
          tally,
        ],
      },
      boots(told('QuestionOpen', 2), tally, `cat ${MOTD}; reliable-raid status || true`),
      boots(
        lookedInVain,
        tally,
        later(),
        "printf '1\\ny\\n' | reliable-raid start md1",
        told('HealedQuestionOpen', 2),
        tally,
        later(),
        `mdadm --zero-superblock ${third}; mdadm --quiet /dev/md1 --add ${third}; mdadm --wait /dev/md1 || true`,
        told('HealedDegradedArray'),
        tally,
      ),
      boots(lookedInVain, tally),
      boots(lookedInVain, tally),
    ],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      // Also by the boot after that, before it is started.
      ...[1, 2].flatMap((boot) =>
        counted(
          [boot],
          {
            'journal: new not-started': 1,
            // The setting.
            'journal: new image-outdated': 1,
            'program: ArrayNotStarted': 1,
            'program: ImageOutdated': 1,
            'mail: array 1[^\\n]* does not run': 1,
            'url: array 1[^\\n]* does not run': 1,
          },
          0,
        ),
      ),
      ...counted([2], {
        ...NOT_STARTED,
        'journal: new degraded md1': 1,
        'program: DegradedArray /dev/md1': 1,
      }),
      ...counted([3], {
        ...NOT_STARTED,
        // It lacks a disk again, after it did not run at all.
        'journal: new degraded md1': 2,
        'journal: new question-open': 1,
        'journal: healed question-open': 1,
        'journal: new member-held': 1,
        'journal: healed member-held': 1,
        'program: DegradedArray /dev/md1': 2,
        'program: QuestionOpen': 1,
        'program: HealedQuestionOpen': 1,
        'program: MemberHeld': 1,
        'program: HealedMemberHeld': 1,
        'mail: array 1 waits for your answer': 1,
        'url: array 1 waits for your answer': 1,
      }),
      // Worse is not over: no array was complete until now.
      ...counted(
        [5],
        {
          ...NOT_STARTED,
          'journal: new degraded md1': 3,
          'journal: new question-open': 2,
          'journal: healed question-open': 2,
          'journal: new member-held': 3,
          'journal: healed member-held': 2,
          'program: DegradedArray /dev/md1': 3,
          'program: QuestionOpen': 2,
          'program: HealedQuestionOpen': 2,
          'program: MemberHeld': 3,
          'program: HealedMemberHeld': 2,
          'mail: array 1 waits for your answer': 2,
          'url: array 1 waits for your answer': 2,
        },
        1,
      ),
      ...counted([5, 6, 7], {
        ...NOT_STARTED,
        'journal: new degraded md1': 3,
        'journal: healed degraded md1': 1,
        'journal: new question-open': 2,
        'journal: healed question-open': 2,
        'journal: new member-held': 3,
        'journal: healed member-held': 3,
        ...filled('md1'),
        'program: DegradedArray /dev/md1': 3,
        'program: HealedDegradedArray /dev/md1': 1,
        'program: QuestionOpen': 2,
        'program: HealedQuestionOpen': 2,
        'program: MemberHeld': 3,
        'program: HealedMemberHeld': 3,
        'mail: array 1 .md1. is complete again': 1,
        'url: array 1 .md1. is complete again': 1,
      }),
    ],
  },
  {
    id: 'N4',
    title:
      'the engine is killed, in two boots: that the boot was left to the distribution is told once, and its end once',
    layout: 'raid1-plus-data',
    initrd: [{ runEarly: killedWhere('test.kill') }],
    kernelArguments: [],
    before: [
      boots(keepsJournal, channels),
      {
        absent: ['disk2'],
        kernelArguments: ['reliable_raid.wait=60', 'test.kill'],
        run: [...told('ProgramGaveWay'), tally, 'reliable-raid status || true'],
      },
      {
        absent: ['disk2'],
        kernelArguments: ['reliable_raid.wait=60', 'test.kill'],
        run: [...lookedInVain, tally],
      },
      { absent: ['disk2'], run: [...told('HealedProgramGaveWay'), tally] },
      { absent: ['disk2'], run: [...lookedInVain, tally] },
    ],
    absent: ['disk2'],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      ...counted([1, 2], {
        'journal: new program-gave-way': 1,
        'program: ProgramGaveWay': 1,
        'journal: new degraded md0': 1,
        'program: DegradedArray /dev/md0': 1,
        // Which disk was last in sync.
        'journal: new image-outdated': 1,
        'program: ImageOutdated': 1,
      }),
      ...counted([3, 4], {
        'journal: new program-gave-way': 1,
        'journal: healed program-gave-way': 1,
        'program: ProgramGaveWay': 1,
        'program: HealedProgramGaveWay': 1,
        'journal: new degraded md0': 1,
        'program: DegradedArray /dev/md0': 1,
        // Which disk was last in sync.
        'journal: new image-outdated': 1,
        'program: ImageOutdated': 1,
      }),
    ],
  },
  {
    id: 'N5',
    title:
      'halves of root that came apart: each answer on the console is told once; the half that is kept out and why, and what that means for the next boot, once across two boots',
    layout: 'raid1-ext4',
    stage: 'split',
    kernelArguments: [shortWait],
    before: [
      answers('2', keepsJournal, channels),
      // As long as the other half is there, each boot asks; the copy that was used last is the first by now.
      answers('1', `cat ${MOTD}; reliable-raid status || true`),
      answers('1'),
    ],
    steps: answered('1'),
    ends: 'system',
    expect: [
      ends('system'),
      array('md0', { degraded: 1 }),
      ...[0, 1, 2].flatMap((boot) =>
        counted([boot], {
          'journal: new question-answered md0': boot + 1,
          'journal: new degraded md0': 1,
          'journal: new member-held md0': 1,
          'journal: new boot-endangered': 1,
          'journal: new image-outdated': 1,
          // The first was told before there were these.
          'program: QuestionAnswered /dev/md0': boot,
          'mail: a question about array 0 .md0. was answered': boot,
          'url: a question about array 0 .md0. was answered': boot,
        }),
      ),
      priorBootSaid(1, /\nreliable-raid: a disk of array 0 \(md0\) is present and kept out of it/),
    ],
  },
];
