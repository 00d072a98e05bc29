// ./demo before it installs anything, and what it says of what it will show.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'tap';
import { ROOT } from '../../tools/project.ts';
import { demoCase, legend } from '../boot/demo-case.ts';
import { layoutNamed, layouts } from '../boot/guest/layouts.ts';

const OPTIONS = join(ROOT, 'tools/demo-options.sh');
const given = (...words: readonly string[]) => spawnSync('sh', [OPTIONS, ...words], { encoding: 'utf8' });

test('the list needs no Node, and is that of the layouts', async (t) => {
  const listed = layouts.map(
    ({ name, title, disks }) => `${name.padEnd(16)} ${title} (${Object.keys(disks).join(', ')})\n`,
  );
  t.match(given('--list'), { status: 0, stdout: listed.join(''), stderr: '' });
});

test('wrong words are told in one line and what to type, before anything is done', async (t) => {
  for (const words of [
    ['--bogus'],
    ['raid5x3'],
    ['--layout'],
    ['--layout', 'nosuch'],
    ['--layout=raid5x3', '--missing', 'disk5'],
    ['--missing', 'disk1,,disk9'],
    ['--late', 'disk2'],
    ['--late', 'disk2='],
    ['--late', 'disk2=soon'],
    ['--late', 'disk9=3'],
    ['--deb', '/nonexistent.deb'],
  ]) {
    const { status, stdout, stderr } = given(...words);
    t.match({ status, stdout }, { status: 2, stdout: '' }, words.join(' '));
    t.match(stderr, /^error: .+\nhint: .+\n$/, words.join(' '));
  }
  for (const words of [
    [],
    ['--yes', '--stock', '--unattended', '--missing', 'none', '--arguments', 'panic=10 quiet'],
    ['--layout=raid6x4', '--missing=disk1,disk2', '--late', 'disk3=5', '--late=disk4=6'],
  ])
    t.match(given(...words), { status: 0, stdout: '', stderr: '' }, words.join(' '));
  for (const script of ['demo', 'check']) {
    const run = spawnSync('sh', [join(ROOT, script), '--quick', '--bogus'], { encoding: 'utf8' });
    t.match(run, { status: 2, stdout: '', stderr: /^error: no such option: --\w+/ }, script);
    const help = spawnSync('sh', [join(ROOT, script), '--help'], { encoding: 'utf8' });
    t.match(help, { status: 0, stdout: /--yes/, stderr: '' });
  }
  t.match(spawnSync('sh', [join(ROOT, 'check'), '--quick', '--all'], { encoding: 'utf8' }), { status: 2 });
});

const CASES: readonly (readonly [layout: string, away: string, becomes: string])[] = [
  ['raid1-ext4', '', 'complete'],
  ['raid1-ext4', 'disk2', 'degraded'],
  ['raid1-ext4', 'disk1 disk2', 'too-few'],
  ['raid1-luks-lvm', 'disk1', 'degraded'],
  ['raid1-plus-data', 'disk3', 'complete'],
  ['raid5x3', 'disk3', 'degraded'],
  ['raid5x3', 'disk1 disk2', 'too-few'],
  ['raid6x4', 'disk1 disk2', 'degraded'],
  ['raid6x4', 'disk1 disk2 disk3', 'too-few'],
  ['raid10x4', 'disk1 disk3', 'degraded'],
  ['raid10x4', 'disk3 disk4', 'too-few'],
  ['md-on-md', 'disk1', 'degraded'],
  ['md-on-md', 'disk1 disk2', 'degraded'],
  ['md-on-md', 'disk1 disk2 disk3 disk4', 'too-few'],
  ['encrypted-usual', 'disk1', 'degraded'],
  ['plain', '', 'no-array'],
];

test('the legend fits the case', async (t) => {
  for (const [name, away, becomes] of CASES) {
    const layout = layoutNamed(name);
    const missing = away.split(' ').filter(Boolean);
    t.equal(demoCase(layout, missing), becomes, `${name} without ${away}`);
    const text = legend({ layout, suite: 'trixie', stock: false, missing, late: [], passphrase: 'x' });
    t.equal(text.includes('start degraded now'), becomes === 'degraded', `${name} without ${away}`);
    t.equal(text.includes('CANNOT be started'), becomes === 'too-few', `${name} without ${away}`);
    t.equal(text.includes('is started degraded'), becomes === 'degraded', `${name} without ${away}`);
    for (const line of text.split('\n')) t.ok(line.length <= 120, line);
    const stock = legend({ layout, suite: 'trixie', stock: true, missing, late: [], passphrase: 'x' });
    t.notMatch(stock, /Esc|rescue shell: type|a notice/, `${name} as Debian has it`);
  }
  const late = [{ disk: 'disk2', seconds: 5 }];
  const raid5 = { layout: layoutNamed('raid5x3'), suite: 'trixie', stock: false, passphrase: 'x', late };
  t.match(legend({ ...raid5, missing: [] }), /started degraded, unless the late disk/);
  t.match(legend({ ...raid5, missing: ['disk1'] }), /too few members until the late disk is there/);
});

const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;

test('what was typed before is taken away, and what comes after is not', { skip: !hasPython }, async (t) => {
  const driver = `
import os, pty, subprocess, sys
master, slave = pty.openpty()
os.write(master, b'half a line\\x1b and more')
program = subprocess.Popen([sys.argv[1], '-e', sys.argv[2]], stdin=slave, stdout=subprocess.PIPE)
print(program.stdout.readline().decode().strip())
os.write(master, b'k')
print(program.stdout.readline().decode().strip())
`;
  const program = `
import { dropTypedAhead } from '${join(ROOT, 'test/boot/typed-ahead.ts')}';
process.stdin.setRawMode(true);
console.log(dropTypedAhead('/dev/fd/0'));
process.stdin.on('data', (keys) => { console.log(keys.toString()); process.exit(); });
`;
  const { stdout, stderr, status } = spawnSync('python3', ['-c', driver, process.execPath, program], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: process.env['PATH'] },
  });
  t.equal(status, 0, stderr);
  t.equal(stdout, `${'half a line\x1b and more'.length}\nk\n`);
});
