// What systemd in an image of dracut is given: units that it takes without a word, and a generator for devices that may come late.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { DEFAULT_SETTINGS, WATCHLIST_SCHEMA } from '../../src/core/watchlist/watchlist.ts';
import { formatWatchlist } from '../../src/core/watchlist/watchlist-file.ts';
import { ROOT } from '../../tools/project.ts';
import { SHELLS } from './shim-sandbox.ts';

const MODULE = join(ROOT, 'dracut/96reliable-raid');
const UNITS = ['reliable-raid-boot.service', 'reliable-raid-boot-behind.service'];
const LUKS = '0b0b0b0b-1111-2222-3333-444444444444';

function scratch(t: Test): string {
  const root = mkdtempSync(join(tmpdir(), 'reliable-raid-units-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  return root;
}

function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  chmodSync(join(root, path), text.startsWith('#!') ? 0o755 : 0o644);
}

/** Other units that ours speak of, as systemd and dracut name them. */
const NEIGHBOURS = [
  ...['systemd-udev-trigger', 'dracut-pre-trigger', 'systemd-vconsole-setup'].map(
    (name) => `${name}.service`,
  ),
  ...['cryptsetup-pre', 'cryptsetup', 'shutdown', 'emergency', 'sysinit'].map((name) => `${name}.target`),
];

const analyze = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' });
const canVerify = Number(/systemd (\d+)/.exec(analyze.stdout ?? '')?.[1] ?? 0) >= 250;

t.test(
  'systemd has nothing to say of the units',
  { skip: canVerify ? false : 'no systemd-analyze' },
  async (t) => {
    const root = scratch(t);
    const folder = 'usr/lib/systemd/system';
    put(root, 'usr/lib/reliable-raid/boot-hook', '#!/bin/sh\n');
    for (const name of NEIGHBOURS)
      put(
        root,
        `${folder}/${name}`,
        name.endsWith('.target')
          ? '[Unit]\n'
          : '[Service]\nType=oneshot\nExecStart=/usr/lib/reliable-raid/boot-hook\n',
      );
    // As systemd-cryptsetup-generator writes it.
    put(
      root,
      `${folder}/systemd-cryptsetup@root.service`,
      `[Unit]\nDefaultDependencies=no\nAfter=cryptsetup-pre.target\nBefore=cryptsetup.target\n[Service]\nType=oneshot\nExecStart=/usr/lib/reliable-raid/boot-hook\n`,
    );
    for (const name of UNITS) put(root, `${folder}/${name}`, readFileSync(join(MODULE, name), 'utf8'));
    const names = [...UNITS, 'systemd-cryptsetup@root.service'];
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', `--root=${root}`, ...names],
      {
        encoding: 'utf8',
      },
    );
    t.equal(`${stdout}${stderr}`, '');
    t.equal(status, 0);
  },
);

t.test('arrays that nothing locks come before any passphrase; the others wait beside it', async (t) => {
  const [before, behind] = UNITS.map((name) => readFileSync(join(MODULE, name), 'utf8'));
  const has = (text: string | undefined, key: string, word: string) =>
    (text ?? '').split('\n').some((line) => line.startsWith(`${key}=`) && line.split(/[ =]/).includes(word));
  t.ok(has(before, 'Before', 'cryptsetup-pre.target'));
  t.ok(has(before, 'Wants', 'cryptsetup-pre.target'), 'an order counts only among what is started');
  t.notOk(has(behind, 'Before', 'cryptsetup-pre.target'));
  t.notOk(has(behind, 'Before', 'cryptsetup.target'));
  t.ok(has(behind, 'After', UNITS[0] ?? ''));
  for (const text of [before, behind]) {
    t.ok(has(text, 'Type', 'oneshot'), 'systemd gives it all the time it takes');
    t.notMatch(text, /TimeoutStartSec|JobTimeoutSec/);
  }
});

/** What of dracut's library the generator uses. */
const library = (
  root: string,
) => `getargs() { for _word in $(cat ${root}/proc/cmdline); do case $_word in "\${1%=}="*) echo "\${_word#*=}" ;; esac; done; }
getarg() { getargs "$1"; }
getargbool() { _value=$(getarg "$2"); case \${_value:-$1} in 0 | no | off) return 1 ;; esac; }
dev_unit_name() { systemd-escape -p "$1" 2>/dev/null || echo "$1" | sed 's,^/,,; s,-,\\\\\\\\x2d,g; s,/,-,g'; }
label_uuid_to_dev() { case $1 in UUID=*) echo "/dev/disk/by-uuid/\${1#UUID=}" ;; *) echo "$1" ;; esac; }
`;

const list = formatWatchlist({
  ...{ schema: WATCHLIST_SCHEMA, hostName: '', settings: DEFAULT_SETTINGS, arrays: [], warnings: [] },
  tree: [{ kind: 'crypt', label: 'root', uuid: LUKS, children: [] }],
});

for (const shell of SHELLS.filter(({ name }) => name !== 'klibc'))
  t.test(`devices below root have no time-out, under ${shell.name}`, async (t) => {
    const uuidUnit = `dev-disk-by\\x2duuid-${LUKS.replaceAll('-', '\\x2d')}.device.d`;
    const table: readonly (readonly [cmdline: string, crypttab: string, units: readonly string[]])[] = [
      [`rd.luks.uuid=luks-${LUKS}`, '', [uuidUnit]],
      [`rd.luks.name=${LUKS}=top`, '', [uuidUnit]],
      ['rd.luks.uuid=ffffffff-0000-0000-0000-000000000000', '', []],
      [
        'quiet',
        `# a\n\nroot UUID=${LUKS} none luks\nhome UUID=${LUKS.replace('0b', '0c')} none luks\n`,
        [uuidUnit],
      ],
      ['quiet', 'root /dev/md0 none luks\n', ['dev-md0.device.d']],
      // nothing is unlocked: the library, which is not there, is not read
      ['root=/dev/md0', '', []],
      [`rd.luks.uuid=${LUKS} rd.timeout=60`, '', []],
      [`rd.luks.uuid=${LUKS} rd.md=0`, '', []],
      [`rd.luks.uuid=${LUKS} reliable_raid=off`, '', []],
    ];
    for (const [cmdline, crypttab, units] of table) {
      const root = scratch(t);
      for (const [name, place] of [
        ['reliable-raid-generator.sh', 'generator'],
        ['arguments', 'usr/lib/reliable-raid/arguments'],
      ] as const) {
        const text = readFileSync(join(MODULE, name), 'utf8');
        put(root, place, text.replace(/(?<![\w$}])\/(?=etc\/|lib\/|proc\/|usr\/)/g, `${root}/`));
      }
      if (cmdline !== 'root=/dev/md0') put(root, 'lib/dracut-lib.sh', library(root));
      put(root, 'etc/reliable-raid/watchlist.json', list);
      put(root, 'proc/cmdline', `${cmdline}\n`);
      if (crypttab !== '') put(root, 'etc/crypttab', crypttab);
      mkdirSync(join(root, 'units'));
      const [program, ...args] = shell.argv;
      execFileSync(program, [...args, join(root, 'generator'), join(root, 'units')]);
      const made = units.filter((unit) => existsSync(join(root, 'units', unit, '10-reliable-raid.conf')));
      t.same(made, units, `${cmdline} ${crypttab}`);
      const found = execFileSync('find', [join(root, 'units'), '-name', '*.conf'], { encoding: 'utf8' });
      t.equal(found.split('\n').filter(Boolean).length, units.length, `${cmdline} ${crypttab}`);
    }
  });
