import { test } from 'tap';
import { checkConfiguration } from '../../../../src/app/configuration/check-configuration.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { showConfiguration } from '../../../../src/cli/commands/show-configuration.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const UUID = '01234567:89abcdef:01234567:89abcdef';
const ARRAY = {
  '/sys/class/block/md0/dev': '9:0\n',
  '/sys/class/block/md0/md/array_state': 'clean\n',
  '/run/udev/data/b9:0': `E:MD_UUID=${UUID}\nE:MD_NAME=box:0\n`,
};

async function config(texts: Readonly<Record<string, string>>, json = false) {
  const out: string[] = [];
  const err: string[] = [];
  const files = new MemoryFiles({ ...ARRAY, ...texts });
  const findings = await checkConfiguration({ files, paths: REAL_PATHS });
  const output = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  return { status: showConfiguration(findings, json, output), out: out.join('\n'), err: err.join('\n') };
}

test('what is in force, and where from', async (t) => {
  const { status, out, err } = await config({
    '/etc/reliable-raid/config.toml': '# mine\nwait = 30\n\n[array.md0]\ndegraded = "never"\n',
  });
  t.match({ status, err }, { status: 0, err: '' });
  t.equal(
    out,
    [
      '# from /etc/reliable-raid/config.toml',
      'wait = 30               # /etc/reliable-raid/config.toml:2',
      'notice_after = 10       # default',
      'max_wait = 180          # default',
      'degraded = "start"      # default',
      'foreign = "never"       # default',
      'unmounted = "start"     # default',
      'stale = "ask"           # default',
      'shell = "allow"         # default',
      'readd = "auto"          # default',
      'update_images = "warn"  # default',
      'strict = false          # default',
      '',
      `[array."md0"]  # /etc/reliable-raid/config.toml:4: md0 "box:0" ${UUID}`,
      'degraded = "never"      # /etc/reliable-raid/config.toml:5',
    ].join('\n'),
  );
});

test('nothing configured is right', async (t) => {
  t.match(await config({}), {
    status: 0,
    out: /^# no file: all is as it comes\nwait = 20 +# default\n/,
    err: '',
  });
});

test('anything wrong is told, with status 1', async (t) => {
  for (const [text, said] of [
    ['wait = "30"', /config\.toml:1: wait = "30" is not allowed .*without the quotes/],
    ['wait = = 3', /config\.toml:1: no TOML/],
    ['wait = 300\nmax_wait = 100', /config\.toml:2: max_wait = 100 is shorter than wait = 300/],
    ['[array.md7]', /config\.toml:1: \[array\."md7"\] is no array of this machine.*md0 "box:0"/],
  ] as const) {
    const { status, err } = await config({ '/etc/reliable-raid/config.toml': text });
    t.equal(status, 1, text);
    t.match(err, said, text);
  }
});

test('as JSON', async (t) => {
  const { status, out } = await config(
    { '/etc/reliable-raid/config.toml': 'wait = 30\n[array.md0]\nwait = 31\n[array.no]\n' },
    true,
  );
  t.equal(status, 1);
  t.match(JSON.parse(out), {
    schema: 'reliable-raid/config/1',
    files: ['/etc/reliable-raid/config.toml'],
    settings: {
      wait: { value: 30, from: '/etc/reliable-raid/config.toml:1' },
      shell: { value: 'allow', from: null },
    },
    arrays: [
      {
        name: 'md0',
        from: '/etc/reliable-raid/config.toml:2',
        arrays: [{ device: 'md0', uuid: UUID }],
        settings: { wait: { value: 31, from: '/etc/reliable-raid/config.toml:3' } },
      },
      { name: 'no', arrays: [], settings: {} },
    ],
    warnings: [/\[array\."no"\]/],
  });
});
