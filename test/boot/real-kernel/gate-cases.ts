// What the gate and the stock udev rules make of a mirror's halves under a real kernel.

import type { MachineCase } from './machine-facts.ts';

export interface GateCase extends MachineCase {
  /** Two if not given, `ubdb` and on. */
  readonly disks?: number;
}

const SPLIT = 'mirror; stop; alone ubdb 1 2; alone ubdc 4 3; remember';
const STACKS: readonly (readonly [kind: string, disks: number])[] = [
  ['arrays', 4],
  ['arrays-of-arrays', 2],
  ['partitions', 2],
  ['volumes', 2],
  ['unlocked', 2],
];

/** The halves lie on what the resolver follows as well: udev announces them side by side. */
const stackCases = STACKS.map(
  ([kind, disks]): GateCase => ({
    name: `split halves on ${kind}: both held, in the image and on the running system; stock merges or starts one`,
    ...(kind === 'arrays' || kind === 'unlocked' ? {} : { alike: true }),
    disks,
    script: `halves ${kind}; mirror; stop; alone $one 1 2; alone $two 4 3; remember
      our_rules; plug $one $two
      say nothing_started "$(state)"; say unchanged "$(unchanged $one $two)"; say held "$(held | wc -w)"
      say why "$(property $one RELIABLE_RAID_WHY)"
      # As udev knows them from their first event, when they had no content yet.
      for half in $one $two; do sed -i '/^E:ID_FS_/d' "/run/udev/data/b$(cat /sys/class/block/$half/dev)"; done
      rm -r /run/reliable-raid/held; plug $one
      say first_again "$(state) $(held | wc -w)"
      in_image; plug $one $two
      say in_image "$(state) $(held | wc -w) $(unchanged $one $two)"
      say why_there "$(property $two RELIABLE_RAID_WHY)"
      rm -r /etc/reliable-raid; stock_rules; plug $one $two
      say stock "$(state)"`,
    expect: {
      ...{ nothing_started: 'nothing', unchanged: 'yes', held: '2', why: /were each used without the other/ },
      ...{ first_again: 'nothing 1', in_image: 'nothing 2 yes', why_there: /used without role 0/ },
      stock: /^runs:/,
    },
  }),
);

const HELD = { nothing_started: 'nothing', unchanged: 'yes', held: 'ubdb ubdc' } as const;

export const gateCases: readonly GateCase[] = [
  ...stackCases,
  {
    name: 'a mirror of two raid0 comes up from its disks: one half at most runs, and the other stays as it was',
    disks: 4,
    script: `halves arrays; mirror; stop; alone $one 1 2; alone $two 4 3; remember
      mdadm --stop /dev/md10; mdadm --stop /dev/md11; udevadm settle
      our_rules; plug ubdb ubdc ubdd ubde
      say state "$(state)"; say held "$(held | wc -w)"
      mdadm --stop /dev/md0 || :; say unchanged "$(unchanged $one) $(unchanged $two)"`,
    // Whichever is there first is a half alone; where both are there in time, neither runs.
    expect: { state: /^(nothing|runs:1)$/, held: /^[12]$/, unchanged: /yes/ },
  },
  {
    name: 'split halves at coldplug, image: both held, as without the rule one is started',
    script: `${SPLIT}
      in_image; our_rules; plug ubdb ubdc
      say nothing_started "$(state)"; say unchanged "$(unchanged ubdb ubdc)"; say held "$(held)"
      say gate "$(property ubdb RELIABLE_RAID_GATE)"; say ready "$(property ubdb SYSTEMD_READY)"
      say why "$(property ubdb RELIABLE_RAID_WHY)"
      stock_rules; plug ubdb ubdc
      say stock "$(state)"`,
    expect: { ...HELD, gate: 'hold', ready: '0', why: /used without role 1/, stock: /^runs:/ },
  },
  {
    name: 'split halves at coldplug, running system: both held for each other',
    script: `${SPLIT}
      our_rules; plug ubdb ubdc
      say nothing_started "$(state)"; say unchanged "$(unchanged ubdb ubdc)"; say held "$(held)"
      say why "$(property ubdc RELIABLE_RAID_WHY)"`,
    expect: { ...HELD, why: /ubdb were each used without the other/ },
  },
  {
    name: 'the boot falls back: what was held is given to the distribution',
    script: `${SPLIT}
      in_image; our_rules; plug ubdb ubdc
      say nothing_started "$(state)"; say unchanged "$(unchanged ubdb ubdc)"; say held "$(held)"
      . /run/job/boot-steps; release_held; udevadm settle
      say released "$(state)"; say held_after "$(held)"`,
    expect: { ...HELD, released: /^runs:/, held_after: '' },
  },
  {
    name: 'a diverged half comes to the running array: held; stock with a re-add policy merges it',
    script: `${SPLIT}
      echo 'POLICY action=re-add' >>/etc/mdadm/mdadm.conf
      for time in 1 2 3; do alone ubdc 4 1; done; remember
      mdadm --assemble --run /dev/md0 /dev/ubdb; fill 7 1; udevadm settle
      our_rules; plug ubdc
      say array "$(state)"; say unchanged "$(unchanged ubdc)"; say held "$(held)"
      say why "$(property ubdc RELIABLE_RAID_WHY)"
      in_image; plug ubdc
      say in_image "$(state) $(unchanged ubdc) $(property ubdc RELIABLE_RAID_GATE)"
      rm -r /etc/reliable-raid; stock_rules; plug ubdc
      say stock_mismatches "$(mismatches)"; say stock "$(state)"`,
    expect: {
      array: 'runs:1',
      unchanged: 'yes',
      held: 'ubdc',
      why: /used without role 0/,
      in_image: 'runs:1 yes hold',
      stock: 'runs:0',
      stock_mismatches: /^[1-9]/,
    },
  },
  {
    name: 'the same without a policy: held as well',
    alike: true,
    script: `${SPLIT}
      mdadm --assemble --run /dev/md0 /dev/ubdc; udevadm settle
      our_rules; plug ubdb
      say array "$(state)"; say unchanged "$(unchanged ubdb)"; say held "$(held)"`,
    expect: { array: 'runs:1', unchanged: 'yes', held: 'ubdb' },
  },
  {
    name: 'a member comes back: given back by the bitmap, and the halves are alike',
    program: true,
    script: `mirror
      our_rules; mdadm /dev/md0 --fail /dev/ubdc; mdadm /dev/md0 --remove /dev/ubdc; fill 2 3; udevadm settle
      plug ubdc
      say array "$(state)"; say gate "$(property ubdc RELIABLE_RAID_GATE)"; say held "$(held)"
      say wants "$(property ubdc SYSTEMD_WANTS | tr ' ' '\\n' | grep readd)"
      say dry "$(readd --dry-run)"; say still "$(state)"
      mkdir -p /etc/reliable-raid; echo 'readd = "manual"' >/etc/reliable-raid/config.toml
      say manual "$(readd --auto /dev/block/$(cat /sys/block/ubdc/dev))"; say left "$(state)"
      rm -r /etc/reliable-raid
      say auto "$(readd --auto /dev/block/$(cat /sys/block/ubdc/dev))"
      say mismatches "$(mismatches)"; say after "$(state)"
      say again "$(readd ubdc)"; say all "$(readd)"`,
    expect: {
      array: 'runs:1',
      gate: 'readd',
      held: '',
      wants: /^reliable-raid-readd@\d+:\d+\.service$/,
      dry: /^would run: mdadm \/dev\/md0 --re-add \/dev\/ubdc$/,
      still: 'runs:1',
      manual: 'readd = "manual" is configured: nothing is done',
      left: 'runs:1',
      auto: '/dev/ubdc is a member of /dev/md0 again: role 1',
      mismatches: '0',
      after: 'runs:0',
      again: '/dev/ubdc: it is already bound to md0',
      all: 'nothing to re-add: no degraded array is waiting for a disk that is present',
    },
  },
  {
    name: 'no bitmap, and a diverged half: refused with the commands, which work',
    program: true,
    script: `mirror --bitmap=none
      our_rules; mdadm /dev/md0 --fail /dev/ubdc; mdadm /dev/md0 --remove /dev/ubdc; fill 2 3; udevadm settle
      # As when udev looked just before mdadm wrote.
      sed -i '/^E:ID_FS_/d' "/run/udev/data/b$(cat /sys/block/ubdc/dev)"; say recorded "$(property ubdc ID_FS_TYPE)"
      readd ubdc >out/no-bitmap; say status $?; say no_bitmap "$(tr '\\n' ' ' <out/no-bitmap)"
      stop
      alone ubdc 5 2
      mdadm --assemble --run /dev/md0 /dev/ubdb; plug ubdc; remember
      readd ubdc >out/diverged; say diverged "$(tr '\\n' ' ' <out/diverged)"; say unchanged "$(unchanged ubdc)"
      sed -n 's/^    //p' out/diverged >/tmp/advice; sh -e /tmp/advice; say advice $?
      say mismatches "$(mismatches)"; say after "$(state)"`,
    expect: {
      recorded: '',
      status: '1',
      no_bitmap:
        /could not be re-added to \/dev\/md0: .*not +possible.*no bitmap.*OVERWRITES.*wipefs --all \/dev\/ubdc +mdadm \/dev\/md0 --add \/dev\/ubdc/,
      diverged: /was not re-added to \/dev\/md0: .*used without role 0 \(ubdb\), last on 20/,
      unchanged: 'yes',
      advice: '0',
      mismatches: '0',
      after: 'runs:0',
    },
  },
  {
    name: 'no bitmap, readd = "rebuild": an older half that is known is rebuilt whole, one used without the other is not touched',
    program: true,
    script: `mirror --bitmap=none
      our_rules; mkdir -p /etc/reliable-raid; echo 'readd = "rebuild"' >/etc/reliable-raid/config.toml; $engine ledger
      mdadm /dev/md0 --fail /dev/ubdc; mdadm /dev/md0 --remove /dev/ubdc; fill 2 3; before=$(hash_of md0)
      readd --auto ubdc >out/rebuilt; say status $?; say rebuilt "$(tr '\\n' ' ' <out/rebuilt)"
      say mismatches "$(mismatches)"; say after "$(state)"; [ "$(hash_of md0)" = "$before" ] && say data same
      mdadm /dev/md0 --fail /dev/ubdc; mdadm /dev/md0 --remove /dev/ubdc; fill 2 3; stop; alone ubdc 5 2
      mdadm --assemble --run /dev/md0 /dev/ubdb; plug ubdc; remember
      readd --auto ubdc >out/diverged; say diverged "$(tr '\\n' ' ' <out/diverged)"; say unchanged "$(unchanged ubdc)"`,
    expect: {
      ...{ status: '0', mismatches: '0', after: 'runs:0', data: 'same', unchanged: 'yes' },
      rebuilt: /older than the array/,
      diverged: /was not re-added to \/dev\/md0: .*used without role 0/,
    },
  },
  {
    name: 'a whole array: assembled as ever in both places, nothing held',
    script: `mirror; stop; our_rules
      plug ubdb; say one "$(state)"; plug ubdc; say two "$(state)"
      say ready "$(property ubdb SYSTEMD_READY)"; say held "$(held)"
      stop; in_image; plug ubdb ubdc; say image "$(state)"
      say gate "$(property ubdb RELIABLE_RAID_GATE)"; say notes "$(held)"
      mkdir -p /run/reliable-raid/held; : >/run/reliable-raid/held/ubdb
      udevadm trigger --settle --action=change --sysname-match=ubdb
      say again "$(property ubdb RELIABLE_RAID_GATE)"; say later "$(held)"`,
    expect: {
      ...{ one: 'inactive', two: 'runs:0', ready: '', held: '', image: 'runs:0', gate: 'pass', notes: '' },
      // A member that its array has is not asked about.
      ...{ again: '', later: '' },
    },
  },
  {
    name: 'a half that was used alone: started on the running system, kept for the engine in the image',
    script: `mirror; stop; alone ubdb 1 2; our_rules
      plug ubdb; say system "$(state)"
      stop; in_image; plug ubdb; say image "$(state)"; say held "$(held)"`,
    expect: { system: 'runs:1', image: 'nothing', held: 'ubdb' },
  },
  {
    name: 'what fails lets the device through; the rule file is one',
    script: `mirror; stop; our_rules
      say verify "$(udevadm verify --help >/dev/null 2>&1 || echo none; udevadm verify --no-summary $rules/63-reliable-raid.rules 2>&1 | head -3)"
      echo 'root=/dev/md0 reliable_raid=off' >/tmp/cmdline
      echo 'exit 7' >"$engine"; plug ubdb ubdc; say broken "$(state)"; stop
      rm "$engine"; plug ubdb ubdc; say missing "$(state)"; stop
      cp /run/job/input/reliable-raid-boot "$engine"; alone ubdb 1 1; in_image
      mount --bind /tmp/cmdline /proc/cmdline; plug ubdb; say off "$(state)"`,
    expect: { verify: /^(none.*)?$/, broken: 'runs:0', missing: 'runs:0', off: 'runs:1' },
  },
];
