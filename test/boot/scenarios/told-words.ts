// Channels of a guest, each with something at its other end that keeps what came, and what is asked of them.
import type { Expectation, PriorBoot } from '../scenario/scenario.ts';

export const UNIT = 'reliable-raid-notify';
export const MOTD = '/run/motd.d/60-reliable-raid';
export const FOLDER = '/var/lib/told';

export const until = (yes: string, seconds = 280): string =>
  `timeout ${seconds} sh -c 'until ${yes}; do sleep 1; done' || { tail -n 40 ${FOLDER}/*; journalctl -b --no-pager -u "reliable-raid*" | tail -n 60; cat /proc/mdstat; false; }`;

/** As ntfy takes a message: the title is in a header. */
const RECEIVER = String.raw`#!/usr/bin/perl
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 8080, Listen => 8, ReuseAddr => 1) or die;
while (my $client = $server->accept) {
	my ($length, $title) = (0, "");
	while (my $line = <$client>) {
		$line =~ s/\r?\n//;
		last if $line eq "";
		$length = $1 if $line =~ /^content-length: (\d+)/i;
		$title = $1 if $line =~ /^title: (.*)/i;
	}
	read $client, my $body, $length;
	open my $kept, ">>", "/var/lib/told/url";
	print $kept "$title\n";
	close $kept;
	print $client "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
	close $client;
}
`;

const file = (path: string, mode: string, text: string): string =>
  `mkdir -p ${path.slice(0, path.lastIndexOf('/'))}; echo ${Buffer.from(text).toString('base64')} | base64 -d >${path}; chmod ${mode} ${path}`;

export const withFile = file;

/** The journal lasts; nobody but us tells anything of it; a clock that is moved starts nothing else. */
export const keepsJournal: readonly string[] = [
  'mkdir -p /var/log/journal && systemd-tmpfiles --create --prefix /var/log/journal && journalctl --flush',
  `sed -i 's|^MAILADDR.*|PROGRAM /usr/lib/reliable-raid/md-event|' /etc/mdadm/mdadm.conf`,
  'systemctl mask --now --quiet mdcheck_start.timer mdcheck_continue.timer mdmonitor-oneshot.timer apt-daily.timer apt-daily-upgrade.timer fstrim.timer e2scrub_all.timer logrotate.timer dpkg-db-backup.timer man-db.timer 2>/dev/null || true',
];

/** A program that is told each event. */
export const program: readonly string[] = [
  `mkdir -p ${FOLDER}; touch ${FOLDER}/program ${FOLDER}/url`,
  file('/usr/local/sbin/on-raid-event', '755', `#!/bin/sh\necho "$*" >>${FOLDER}/program\n`),
];

/** notify.toml, with that program. */
export const settings = (...lines: readonly string[]): string =>
  file(
    '/etc/reliable-raid/notify.toml',
    '644',
    `${['program = "/usr/local/sbin/on-raid-event"', ...lines].join('\n')}\n`,
  );

/** sendmail, a program and a URL beside the journal and the login message. */
export const channels: readonly string[] = [
  ...program,
  file('/usr/sbin/sendmail', '755', `#!/bin/sh\ncat >>${FOLDER}/mail\n`),
  file('/usr/local/sbin/receiver', '755', RECEIVER),
  file(
    '/etc/systemd/system/receiver.service',
    '644',
    '[Service]\nExecStart=/usr/local/sbin/receiver\n[Install]\nWantedBy=multi-user.target\n',
  ),
  settings('mail_to = ["admin@example.org"]', 'url = "http://127.0.0.1:8080/raid"'),
  `touch ${FOLDER}/mail`,
  'systemctl enable --now --quiet receiver.service',
];

/** Where all is well nothing runs. */
export const nothingRuns: readonly string[] = [
  `systemctl is-active ${UNIT}.path`,
  `! systemctl --quiet is-active ${UNIT}.timer`,
  `test -z "$(journalctl -b -q -u ${UNIT}.service)"`,
];

/** Before something happens: the last message is long ago. */
export const later = (time = '20 minutes'): string => `date -s "$(date -d "now + ${time}")"`;

/** No look is under way or due. */
export const quiet = `! systemctl --quiet is-active ${UNIT}.service && ! test -e /run/reliable-raid/notify-due`;

/** The program got so many of these by now, and whoever tells has come to an end. */
export const told = (event: string, count = 1): readonly string[] => [
  until(`test "$(grep -c "^${event}" ${FOLDER}/program)" -ge ${count}`),
  until(quiet),
];

/** What the timer does when its hour is over. */
export const look: readonly string[] = [`systemctl start ${UNIT}.service`, until(quiet)];

/** A look by itself, which had nothing to tell: the path unit's, after a boot that has left a mark. */
export const lookedInVain: readonly string[] = [
  until(`journalctl -b -q -o cat -u ${UNIT}.service | grep -q "Nothing is to be told"`),
  until(quiet),
];

const JOURNAL = `journalctl -q -o export SYSLOG_IDENTIFIER=reliable-raid | awk -F= '/^RELIABLE_RAID_EVENT=/{e=$2} /^RELIABLE_RAID_HOW=/{h=$2} /^RELIABLE_RAID_DEVICE=/{d=$2} /^$/{if(e!="")print "journal:", h, e, d; e=""}'`;

/** What came on each channel since the machine was made: `N channel: what`. */
export const tally = [
  'journalctl --sync',
  `${JOURNAL} | sort | uniq -c`,
  // The member is not always known.
  `sed "s/^\\([^ ]* [^ ]*\\).*/program: \\1/" ${FOLDER}/program | sort | uniq -c`,
  `sed -n "s/^Subject: .reliable-raid. guest: /mail: /p" ${FOLDER}/mail 2>/dev/null | sort | uniq -c`,
  `sed "s/^guest: /url: /" ${FOLDER}/url | sort | uniq -c`,
  // On terminals: what is written to them, and what a login says.
  'for log in /run/terminal-*.log; do name=$(basename "$log" .log | cut -d- -f2); [ ! -e "$log" ] || sed -n "s/^reliable-raid: guest: /wall $name: /p; s/^reliable-raid: /login $name: /p" "$log"; done | sort | uniq -c',
  `cat ${MOTD} 2>/dev/null || echo no motd`,
].join('; ');

const COUNTED = /^ *(\d+) (([\w ]+): .*?)\s*$/;
/** Of what these carry, each event by itself, nothing goes unnamed. */
const EACH_EVENT: ReadonlySet<string> = new Set(['journal', 'program']);

export interface Counts {
  /** What a line of a tally begins with, a regular expression: it has come so often, whatever it ends with; null: it may have come. */
  readonly [line: string]: number | null;
}

/** Whether a look falls into the time in which a member is filled is the machine's speed. */
export const filled = (name: string): Counts => ({
  [`journal: new (?:member-back|member-readded|rebuild-finished) ${name}`]: null,
  [`program: (?:RebuildStarted|SpareActive|RebuildFinished) /dev/${name}`]: null,
});

/** What the last tally of each of these boots counts, or the one of that number. */
export const counted = (priorBoots: readonly number[], counts: Counts, which = -1): readonly Expectation[] =>
  priorBoots.map((boot) => ({
    what: `${which < 0 ? 'at the end of' : `in tally ${which + 1} of`} boot ${boot + 1} has come: ${JSON.stringify(counts)}`,
    problem: ({ priorText }) => {
      const own = talliesOf(priorText[boot] ?? '').at(which);
      if (own === undefined) return 'nothing was counted';
      const found = differences(own, counts);
      return found.length === 0 ? undefined : `${found.join('; ')}; of\n${own}`;
    },
  }));

const talliesOf = (said: string): readonly string[] =>
  said.split(/^\$ /m).flatMap((one) => (one.startsWith(tally) ? [one.slice(tally.length)] : []));

function differences(text: string, counts: Counts): readonly string[] {
  const lines = text.split('\n').flatMap((line) => {
    const [, count, what = '', channel = ''] = COUNTED.exec(line) ?? [];
    return count === undefined ? [] : [{ count: Number(count), what, channel }];
  });
  const wanted = Object.entries(counts).map(
    ([line, count]) => [line, new RegExp(`^${line}`), count] as const,
  );
  const wrong = wanted.flatMap(([line, pattern, count]) => {
    const seen = lines.filter(({ what }) => pattern.test(what)).reduce((sum, one) => sum + one.count, 0);
    return count === null || seen === count ? [] : [`"${line}" ${seen} times instead of ${count}`];
  });
  const unnamed = lines.filter(
    ({ what, channel }) => EACH_EVENT.has(channel) && !wanted.some(([, pattern]) => pattern.test(what)),
  );
  return [...wrong, ...unnamed.map(({ what }) => `also "${what}"`)];
}

export const boots = (...run: readonly (string | readonly string[])[]): PriorBoot => ({ run: run.flat() });
