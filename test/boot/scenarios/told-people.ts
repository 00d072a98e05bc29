// Where people are: at terminals, at a login, behind mail servers and a topic that they follow. The parts are real: getty, login(1), wall, exim4
// as sendmail and as an SMTP server, Python's HTTP server.
import { eximConfiguration } from '../../support/exim-configuration.ts';
import { array, neverSees, priorBootSaid, sees } from '../scenario/expect.ts';
import { after, type Scenario, type } from '../scenario/scenario.ts';
import { hasTerminals, logsIn, logsOut, opens, PASSWORD, USER } from './terminals.ts';
import {
  boots,
  counted,
  FOLDER,
  filled,
  keepsJournal,
  later,
  look,
  lookedInVain,
  MOTD,
  nothingRuns,
  program,
  quiet,
  settings,
  tally,
  told,
  UNIT,
  until,
  withFile,
} from './told-words.ts';
import { member, systemUp } from './words.ts';

const fourth = member('disk4');

/** As ntfy takes a message: the title is in a header. */
const TOPIC = `#!/usr/bin/python3
import http.server
class Topic(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        with open("${FOLDER}/url", "a") as kept:
            kept.write(self.headers["Title"] + "\\n")
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
http.server.ThreadingHTTPServer(("127.0.0.1", 8080), Topic).serve_forever()
`;

const service = (name: string, command: string): string =>
  withFile(
    `/etc/systemd/system/${name}.service`,
    '644',
    `[Service]\nExecStart=${command}\n[Install]\nWantedBy=multi-user.target\n`,
  );

const topic: readonly string[] = [
  withFile('/usr/local/sbin/topic', '755', TOPIC),
  service('topic', '/usr/local/sbin/topic'),
];

/** The console says when, so that somebody can log in there. */
const saysWhen: readonly string[] = [
  withFile(
    '/etc/systemd/system/says-when.path',
    '644',
    `[Path]\nPathExists=${MOTD}\n[Install]\nWantedBy=multi-user.target\n`,
  ),
  withFile(
    '/etc/systemd/system/says-when.service',
    '644',
    "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c 'echo it-is-told >/dev/console'\n",
  ),
  'systemctl enable --quiet says-when.path',
];

const SERVER = '/var/lib/mail-server';
const NAME = 'mail.example.org';

/** exim4 by that name, which asks for a login and for TLS; not started yet. */
const mailServer: readonly string[] = [
  `mkdir -p ${SERVER}/spool; openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=${NAME} -addext subjectAltName=DNS:${NAME} -keyout ${SERVER}/key.pem -out ${SERVER}/cert.pem 2>/dev/null`,
  withFile(`${SERVER}/exim.conf`, '644', eximConfiguration(SERVER)),
  `chown -R mail:mail ${SERVER}; chown root:root ${SERVER}/exim.conf`,
  service('mail-server', `/usr/sbin/exim4 -C ${SERVER}/exim.conf -bdf -oX 127.0.0.1.587`),
  withFile('/etc/reliable-raid/smtp-password', '600', 'secret\n'),
  `ln -sf ${SERVER}/mailbox ${FOLDER}/mail`,
];

const SILENT = `#!/usr/bin/python3
import socket, time
servers = [socket.create_server(("127.0.0.1", port)) for port in (587, 8080)]
time.sleep(100000)
`;

/** What the clock of the guest says of a look. */
const timed = (commands: readonly string[]): readonly string[] => [
  'cut -d. -f1 /proc/uptime >/run/look-began',
  ...commands,
  'echo "the look took $(($(cut -d. -f1 /proc/uptime) - $(cat /run/look-began))) s"',
];

const resolvesTo = (address: string): string =>
  `sed -i '/example.org/d' /etc/hosts; echo "${address} ${NAME} ntfy.example.org" >>/etc/hosts`;

/** The timer of each hour in seconds. */
const soon: readonly string[] = [
  `mkdir -p /run/systemd/system/${UNIT}.timer.d; printf '[Timer]\\nOnUnitInactiveSec=\\nOnUnitInactiveSec=15s\\n' >/run/systemd/system/${UNIT}.timer.d/soon.conf`,
  `systemctl daemon-reload; systemctl restart ${UNIT}.timer`,
];

export const toldPeople: readonly Scenario[] = [
  {
    id: 'N8',
    title:
      'two people at terminals, one who logs in, a mail by sendmail, a topic: each is told once; at a login as long as it lasts, also on the console of a boot that is degraded',
    layout: 'raid1-people',
    before: [
      boots(
        keepsJournal,
        program,
        topic,
        'systemctl enable --now --quiet topic.service',
        settings(`mail_to = ["${USER}"]`, 'url = "http://127.0.0.1:8080/raid"'),
        `echo guest >/etc/mailname; systemctl restart exim4; ln -sf /var/mail/${USER} ${FOLDER}/mail`,
        hasTerminals,
        nothingRuns,
        opens('left'),
        opens('right'),
        logsIn('left'),
        logsIn('right'),
        'loginctl list-sessions --no-pager',
        `mdadm --quiet /dev/md1 --fail ${fourth}`,
        told('DegradedArray /dev/md1'),
        until(`grep -q "^Subject: .reliable-raid" ${FOLDER}/mail`),
        tally,
        logsOut('left'),
        logsIn('left', 2),
        tally,
        later(),
        `mdadm --quiet /dev/md1 --remove ${fourth}; mdadm --zero-superblock ${fourth}; mdadm --quiet /dev/md1 --add ${fourth}; mdadm --wait /dev/md1 || true`,
        told('HealedDegradedArray /dev/md1'),
        until(`grep -q "^Subject: .reliable-raid.* is complete again" ${FOLDER}/mail`),
        tally,
        logsOut('left'),
        logsIn('left', 3),
        tally,
        saysWhen,
      ),
    ],
    absent: ['disk4'],
    kernelArguments: [],
    limit: 300,
    steps: [
      after(/it-is-told/, type('\r')),
      after(/guest login: /, type(`${USER}\r`)),
      after(/Password: /, type(`${PASSWORD}\r`)),
      after(/reliable-raid: array 1 \(md1\) lacks a disk/, { look: true }),
    ],
    ends: 'system',
    settle: true,
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md1', { degraded: 1 }),
      ...counted(
        [0],
        {
          'journal: new member-failed md1': 1,
          'journal: new degraded md1': 1,
          'program: Fail /dev/md1': 1,
          'program: DegradedArray /dev/md1': 1,
          'wall left: ': 1,
          'wall right: ': 1,
          'login left: ': 0,
          'login right: ': 0,
          'mail: ': 1,
          'url: ': 1,
        },
        0,
      ),
      ...counted(
        [0],
        { 'wall left: ': 1, 'login left: array 1 .md1. lacks a disk': 1, 'journal: ': 2, 'program: ': 2 },
        1,
      ),
      ...counted([0], {
        'wall left: ': 2,
        'wall right: ': 2,
        'wall left: .*array 1 .md1. is complete again': 1,
        'wall right: .*array 1 .md1. is complete again': 1,
        'login left: ': 1,
        'login right: ': 0,
        'mail: ': 2,
        'mail: .*array 1 .md1. is complete again': 1,
        'url: ': 2,
        'url: .*array 1 .md1. is complete again': 1,
        'journal: new member-failed md1': 1,
        'journal: new degraded md1': 1,
        'journal: healed degraded md1': 1,
        'program: Fail /dev/md1': 1,
        'program: DegradedArray /dev/md1': 1,
        'program: HealedDegradedArray /dev/md1': 1,
        ...filled('md1'),
      }),
      priorBootSaid(0, /\nno motd/),
      // On the console; root does not need the array, which was started after the boot.
      sees(/guest login: /),
      sees(/reliable-raid: array 1 \(md1\) lacks a disk\./),
      neverSees(/Login incorrect/),
    ],
  },
  {
    id: 'N9',
    title:
      'no network at boot, then servers without a way to them, then servers that say nothing: neither the boot nor a look is held; once they are there, a mail with TLS and a login and a message to a topic arrive, once',
    layout: 'raid1-people',
    before: [
      boots(
        keepsJournal,
        program,
        topic,
        mailServer,
        withFile('/usr/local/sbin/silent', '755', SILENT),
        service('silent', '/usr/local/sbin/silent'),
        // It asks for names when it starts, and would hold the boot itself.
        'systemctl disable --now --quiet exim4.service',
        'printf "nameserver 192.0.2.53\\n" >/etc/resolv.conf',
        settings(
          'mail_to = ["ops@example.org"]',
          'mail_from = "raid@example.org"',
          'url = "http://ntfy.example.org:8080/raid"',
          '[smtp]',
          `host = "${NAME}"`,
          'user = "me"',
          'password_file = "/etc/reliable-raid/smtp-password"',
          `ca_file = "${SERVER}/cert.pem"`,
        ),
        nothingRuns,
      ),
      {
        absent: ['disk4'],
        run: [
          'systemd-analyze',
          ...told('ChannelFailed', 2),
          `journalctl --no-pager -b -q -o cat -u ${UNIT}.service`,
          // The boot was over before anybody was told.
          `test "$(systemctl show -P ActiveEnterTimestampMonotonic multi-user.target)" -lt "$(systemctl show -P InactiveEnterTimestampMonotonic ${UNIT}.service)"`,
          tally,
          resolvesTo('192.0.2.1'),
          later(),
          ...timed(look),
          'systemctl start silent.service',
          resolvesTo('127.0.0.1'),
          later(),
          ...timed(look),
          `journalctl --no-pager -b -q -o cat -u ${UNIT}.service`,
          tally,
          'systemctl stop silent.service; systemctl start mail-server.service topic.service',
          `systemctl is-active ${UNIT}.timer`,
          later(),
          ...soon,
          ...told('HealedChannelFailed', 2),
          until(`grep -q "lacks a disk" ${FOLDER}/mail && grep -q "lacks a disk" ${FOLDER}/url`),
          until(quiet),
          'sleep 40',
          until(quiet),
          `journalctl --no-pager -b -q -o cat -u ${UNIT}.service`,
          `grep "A=plain:me" ${SERVER}/log-main`,
          tally,
          'systemctl enable --quiet mail-server.service topic.service',
        ],
      },
      { absent: ['disk4'], run: [...lookedInVain, tally] },
    ],
    absent: ['disk4'],
    kernelArguments: [],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      ...[0, 1].flatMap((which) =>
        counted(
          [1],
          {
            'journal: new degraded md1': 1,
            'journal: new channel-failed': 2,
            'program: DegradedArray /dev/md1': 1,
            'program: ChannelFailed /dev/md': 2,
            'mail: ': 0,
            'url: ': 0,
          },
          which,
        ),
      ),
      ...counted([1, 2], {
        'journal: new degraded md1': 1,
        'journal: new channel-failed': 2,
        'journal: healed channel-failed': 2,
        'program: DegradedArray /dev/md1': 1,
        'program: ChannelFailed /dev/md': 2,
        'program: HealedChannelFailed /dev/md': 2,
        'mail: array 1 .md1. lacks a disk': 1,
        'url: array 1 .md1. lacks a disk': 1,
      }),
      // Each way has twenty seconds, and the machine may be slow.
      priorBootSaid(1, /(?:the look took \d{1,2} s[\s\S]*){2}/),
    ],
  },
];
