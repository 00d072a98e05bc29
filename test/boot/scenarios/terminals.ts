// Terminals that people log in at: systemd's own getty and login(1) on a pseudo-terminal. What a person would see on one is kept as terminal-NAME.log
// below /run, and terminal-NAME.in is typed.
import { until, withFile } from './told-words.ts';

const TERMINAL = String.raw`#!/usr/bin/perl
my $name = shift;
open my $master, "+<", "/dev/ptmx" or die;
my $number = pack "i", 0;
ioctl $master, 0x40045431, $number or die; # TIOCSPTLCK
ioctl $master, 0x80045430, $number or die; # TIOCGPTN
$number = unpack "i", $number;
system "mkfifo", "/run/terminal-$name.in";
open my $typed, "+<", "/run/terminal-$name.in" or die;
open my $screen, ">>", "/run/terminal-$name.log" or die;
system "systemctl", "start", "--no-block", "container-getty\@$number.service";
while (1) {
	my $ready = "";
	vec($ready, fileno $_, 1) = 1 for $master, $typed;
	select $ready, undef, undef, undef;
	if (vec $ready, fileno $typed, 1) {
		sysread $typed, my $keys, 4096;
		syswrite $master, $keys;
	}
	next unless vec $ready, fileno $master, 1;
	# Between two logins nobody holds the other end.
	if (sysread $master, my $shown, 4096) { syswrite $screen, $shown }
	else { select undef, undef, undef, 0.2 }
}
`;

export const USER = 'admin';
export const PASSWORD = 'correct battery';

/** Once for a machine. */
export const hasTerminals: readonly string[] = [
  withFile('/usr/local/sbin/terminal', '755', TERMINAL),
  `useradd --create-home --shell /bin/sh ${USER}; echo "${USER}:${PASSWORD}" | chpasswd`,
];

export const opens = (name: string): readonly string[] => [
  `systemd-run --quiet --unit=terminal-${name} /usr/local/sbin/terminal ${name}`,
  shows(name, LOGIN, 1),
];

const LOGIN = 'guest login: ';
/** Before it, systemd 260 tells the terminal where it is, in characters that are not seen. */
const PROMPT = '^[^ ]*[$] ';
const shows = (name: string, text: string, count: number): string =>
  until(`test "$(grep -c "${text}" /run/terminal-${name}.log)" -ge ${count}`);

const types = (name: string, text: string): string => `printf '%s\\r' "${text}" >/run/terminal-${name}.in`;

/** The login of that number there; what it says comes before the shell's prompt. */
export const logsIn = (name: string, count = 1): readonly string[] => [
  shows(name, LOGIN, count),
  types(name, USER),
  shows(name, 'Password: ', count),
  types(name, PASSWORD),
  shows(name, PROMPT, count),
];

export const logsOut = (name: string): string => types(name, 'exit');
