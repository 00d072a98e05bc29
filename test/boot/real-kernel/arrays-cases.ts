// What becomes, after the boot image, of arrays that root does not need: real md, real udev, the boot engine's `arrays`.

import type { MachineCase } from './machine-facts.ts';

const SPLIT = 'mirror; stop; alone ubdb 1 2; alone ubdc 4 3; remember';
/** ubdc stayed behind, and knows nothing of it; the record of the machine does. */
const STALE = `mirror; stop; remember
  mdadm --assemble --run /dev/md0 /dev/ubdb; fill 1 2; for time in 1 2 3 4; do fill 3 1; stop; mdadm --assemble --run /dev/md0 /dev/ubdb; done
  our_rules; $engine ledger; hash_of md0 >/tmp/newest; stop; hide ubdb`;

export const arraysCases: readonly MachineCase[] = [
  {
    name: 'half a mirror: started at the end of its wait, and not what a person has stopped; the other half in time makes it whole',
    // As the boot image leaves it, the udev of the real root has heard of nothing.
    script: `hostname box; mirror --homehost=box; stop; hide ubdc; our_rules; mdadm --incremental /dev/ubdb
      say before "$(state)"; ( sleep 1; show ubdc ) & arrays; say whole "$(state) $said"
      stop; hide ubdc; arrays; say stopped "$(state) $said"
      plug ubdb; say again "$(state)"; arrays; say after "$(state)"; say status "$status"; say marks "$(marks)"
      say cost "$(sed -n 's/.*"peakMemoryKiB": *\\([0-9]*\\).*/\\1/p' /run/reliable-raid/arrays.json | head -1)"
      arrays; say nothing_left "$status:$said"; say marks_after "$(marks)"`,
    expect: {
      ...{ before: 'inactive', whole: 'runs:0 ', stopped: 'nothing ', again: 'inactive', after: 'runs:1' },
      ...{ status: '0', marks: /^md\d+$/, nothing_left: '0:', marks_after: '', cost: /^\d{4}$/ },
    },
  },
  {
    name: 'degraded = "never" for this one: left alone, and told; a person starts it',
    program: true,
    script: `mirror; stop; hide ubdc; our_rules; plug ubdb
      mkdir -p /etc/reliable-raid; cp /run/job/input/reliable-raid /usr/bin/reliable-raid
      uuid=$(mdadm --examine --export /dev/ubdb | sed -n 's/^MD_UUID=//p')
      printf '[array."%s"]\\ndegraded = "never"\\n' "$uuid" >/etc/reliable-raid/config.toml
      arrays; say after "$(state)"; say said "$said"; say marks "$(marks)"
      sed -i s/never/start/ /etc/reliable-raid/config.toml
      arrays; say allowed "$(state)"`,
    expect: {
      after: 'inactive',
      said: /will not be started degraded automatically/,
      marks: /^md\d+$/,
      allowed: 'runs:1',
    },
  },
  {
    name: 'start by hand, without a list: an array that is not complete is listed and started; split halves are asked about',
    script: `mirror; stop; hide ubdc; our_rules; plug ubdb
      say before "$(state)"; $engine start --dry-run >out/dry 2>&1; say listed "$(tr '\\n' ' ' <out/dry)"; say still "$(state)"
      $engine start </dev/null >out/start 2>&1; say status $?; say after "$(state)"
      stop; show ubdc; stop; alone ubdb 1 2; alone ubdc 4 3; remember; plug ubdb ubdc
      $engine start </dev/null >out/split 2>&1; say asked "$? $(tr '\\n' ' ' <out/split)"; say unchanged "$(unchanged ubdb ubdc)"`,
    expect: {
      ...{ before: 'inactive', still: 'inactive', status: '0', after: 'runs:1', unchanged: 'yes' },
      listed: /raid1 of 2: can be started degraded/,
      asked: /^1 .*QUESTION: array /,
    },
  },
  {
    name: 'of another machine: whole it runs and is recorded, half it is left alone; a record of this machine makes it ours',
    script: `mirror --homehost=elsewhere; stop; our_rules; plug ubdb ubdc
      say whole "$(state)"; $engine ledger; mdadm --stop --scan; udevadm settle; hide ubdc
      plug ubdb; arrays; say half "$(state)"; say said "$said"
      echo "ARRAY /dev/md0 UUID=$(mdadm --examine --export /dev/ubdb | sed -n 's/^MD_UUID=//p')" >>/etc/mdadm/mdadm.conf
      arrays; say ours "$(state)"`,
    expect: {
      ...{ whole: 'runs:0', half: 'inactive', ours: 'runs:1' },
      said: /will not be started degraded automatically/,
    },
  },
  {
    name: 'split halves, both held: none is started, both stay as they were, and it is told',
    script: `${SPLIT}; our_rules; plug ubdb ubdc
      arrays; say after "$(state)"; say unchanged "$(unchanged ubdb ubdc)"; say held "$(held)"; say said "$said"`,
    expect: {
      after: 'nothing',
      unchanged: 'yes',
      held: 'ubdb ubdc',
      said: /will not be started automatically/,
    },
  },
  {
    name: 'a stale half alone: held, not started; its newer half comes, and the array runs without merging',
    script: `${STALE}; plug ubdc
      say held "$(held)"; arrays; say alone "$(state)"; say unchanged "$(unchanged ubdc)"; say said "$said"
      show ubdb; arrays; say both "$(state)"; [ "$(hash_of md0)" = "$(cat /tmp/newest)" ] && say data newest
      say left "$(unchanged ubdc) $(held)"`,
    expect: {
      ...{ held: 'ubdc', alone: 'nothing', unchanged: 'yes', said: /events behind/ },
      ...{ both: 'runs:1', data: 'newest', left: 'yes ' },
    },
  },
];
