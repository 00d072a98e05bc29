// What is told in a storm and on a disk without room, and what it costs where all is well.
import { priorBootSaid } from '../scenario/expect.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { boots, channels, later, look, nothingRuns, tally, told, UNIT, until } from './told-words.ts';
import { member, systemUp } from './words.ts';

const fourth = member('disk4');
/** One at a time, as mdadm's monitor calls its program. */
const thousandEvents =
  'i=0; while [ $i -lt 1000 ]; do /usr/lib/reliable-raid/md-event RebuildStarted /dev/md1; i=$((i + 1)); done; cut -d" " -f1 /proc/uptime';
const noRoom =
  'dd if=/dev/zero of=/fill bs=1M status=none 2>/dev/null; dd if=/dev/zero of=/fill2 bs=1K status=none 2>/dev/null; df -k /';

export const toldLimits: readonly Scenario[] = [
  {
    id: 'N6',
    title:
      '10,000 events in a row are one or two messages; on a disk without room what is told is told once in that boot and known in the next',
    layout: 'raid1-plus-data',
    before: [
      boots(
        channels,
        nothingRuns,
        'mount -t tmpfs none /var/lib/told; touch /var/lib/told/program /var/lib/told/mail /var/lib/told/url',
        `mdadm --quiet /dev/md1 --fail ${fourth}`,
        // As fast as the machine can.
        Array<string>(10).fill(thousandEvents),
        told('DegradedArray /dev/md1'),
        tally,
        'echo "messages: $(grep -c . /var/lib/told/url)"; test "$(grep -c . /var/lib/told/url)" -le 2',
        later(),
        noRoom,
        `mdadm --quiet /dev/md1 --remove ${fourth}; mdadm --quiet /dev/md1 --re-add ${fourth}; mdadm --wait /dev/md1 || true`,
        told('HealedDegradedArray /dev/md1'),
        later(),
        `mdadm --quiet /dev/md1 --fail ${fourth}`,
        told('DegradedArray /dev/md1', 2),
        `journalctl -b -q -o cat -u ${UNIT}.service | grep "known for this boot only"`,
        later(),
        look,
        'test "$(grep -c "^DegradedArray" /var/lib/told/program)" = 2',
        'rm /fill /fill2',
        later(),
        look,
        'ls -l /run/reliable-raid /var/lib/reliable-raid; ! test -e /run/reliable-raid/told.json',
        'test "$(grep -c "^DegradedArray" /var/lib/told/program)" = 2',
      ),
      boots(
        `! systemctl --quiet is-failed ${UNIT}.service`,
        until('! test -e /run/reliable-raid/notify-due'),
        until(`! systemctl --quiet is-active ${UNIT}.service`),
        tally,
        '! grep -q "^DegradedArray" /var/lib/told/program',
      ),
    ],
    ends: 'system',
    expect: [...systemUp(/^\/dev\/md/), priorBootSaid(0, /messages: [12]\n/)],
  },
  {
    id: 'N7',
    title: 'a machine where all is well: nothing of ours runs, and nothing wakes up',
    layout: 'raid1-plus-data',
    before: [
      boots(
        // What a boot does once, and what is looked at each day.
        until(`journalctl -b -q -u reliable-raid-images.service | grep -q "Deactivated\\|Finished"`),
        until('! systemctl --quiet is-active reliable-raid-images.service'),
        'systemctl list-timers --all --no-pager "reliable-raid*"; systemctl list-units --no-pager --all "reliable-raid*"',
        'pid=$(systemctl show -P MainPID reliable-raid-monitor.service); cat /proc/$pid/cmdline | tr "\\0" " "; grep ctxt /proc/$pid/status; cat /proc/$pid/status | grep ^vol >/run/before; journalctl -b -q -u "reliable-raid*" | wc -l >/run/lines',
        'sleep 200',
        'pid=$(systemctl show -P MainPID reliable-raid-monitor.service); cat /run/before; grep ^vol /proc/$pid/status; echo "entries: $(cat /run/lines) $(journalctl -b -q -u "reliable-raid*" | wc -l)"; grep ^vol /proc/$pid/status | cmp - /run/before && journalctl -b -q -u "reliable-raid*" | wc -l | cmp - /run/lines',
        'for unit in $(systemctl list-unit-files --no-legend "reliable-raid*.service" | cut -d" " -f1); do systemd-analyze security --no-pager $(echo $unit | sed s/@/@1/) | tail -n 1; done',
      ),
    ],
    ends: 'system',
    expect: [...systemUp(/^\/dev\/md/)],
  },
];
