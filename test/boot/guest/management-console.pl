#!/usr/bin/perl
# management-console.pl SOCKET COMMAND: speaks to the management console of a user-mode kernel (mconsole, version 2).
use strict;
use warnings;
use Socket;

my ($path, $command) = @ARGV;
my $own = "$path.client.$$";
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die "socket: $!\n";
bind($socket, sockaddr_un($own)) or die "$own: $!\n";
END { unlink $own if defined $own }
my $request = pack('L3 a512', 0xcafebabe, 2, length $command, $command);
send($socket, $request, 0, sockaddr_un($path)) or die "$path: $!\n";
local $SIG{ALRM} = sub { die "$path: no answer\n" };
alarm 10;
recv($socket, my $answer, 4096, 0) // die "$path: $!\n";
my ($error, $more, $length) = unpack('L3', $answer);
print substr($answer, 12, $length);
exit($error == 0 ? 0 : 1);
