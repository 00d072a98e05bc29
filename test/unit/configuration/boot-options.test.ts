import { test } from 'tap';
import { bootOptions } from '../../../src/core/configuration/boot-options.ts';
import { parseKernelCmdline } from '../../../src/core/parse/kernel-cmdline.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/watchlist/watchlist.ts';

const read = (text: string, settings = DEFAULT_SETTINGS) => bootOptions(parseKernelCmdline(text), settings);

test('the kernel command line over the settings of the image', async (t) => {
  const table: readonly (readonly [text: string, expected: object])[] = [
    ['', { off: null, waitMs: null, maxWaitMs: 180_000, degraded: null, stale: 'ask', shellDenied: null }],
    ['reliable_raid.wait=5 rd.reliable-raid.wait=7', { waitMs: 7000 }],
    ['reliable_raid.max_wait=25', { maxWaitMs: 25_000, warnings: [] }],
    ['reliable_raid.wait=-1', { waitMs: null, warnings: [/expected a number of seconds/] }],
    ['reliable_raid.max_wait=1e3', { maxWaitMs: 180_000, warnings: [/expected a number of seconds/] }],
    ['reliable_raid.degraded=ask', { degraded: 'ask' }],
    ['bootdegraded=false', { degraded: 'ask' }],
    ['bootdegraded', { degraded: 'start' }],
    ['reliable_raid.stale=start', { stale: 'start' }],
    ['reliable_raid=off reliable_raid=on', { off: null }],
    ['', { startDirty: false }],
    ['md_mod.start_dirty_degraded=1', { startDirty: true, warnings: [] }],
    ['md-mod.start-dirty-degraded=0x2', { startDirty: true }],
    ['md_mod.start_dirty_degraded=0', { startDirty: false }],
    ['md_mod.start_dirty_degraded=1 md_mod.start_dirty_degraded=0', { startDirty: false }],
    ['md_mod.start_dirty_degraded=y', { startDirty: false }],
    ['md_mod.start_dirty_degraded', { startDirty: false }],
    ['rd.md=0', { off: /rd\.md=0/ }],
    ['reliable_raid.nonsense', { warnings: [/not known/] }],
  ];
  for (const [text, expected] of table) t.match(read(text), expected, text);
});

test('S10: anything unclear about the shell denies it', async (t) => {
  for (const text of [
    'panic=10',
    'panic',
    'rd.shell=0',
    'reliable_raid.shell=deny',
    'reliable_raid.shell=alow',
  ])
    t.not(read(text).shellDenied, null, text);
  const denied = { ...DEFAULT_SETTINGS, shell: 'deny' } as const;
  t.not(read('reliable_raid.shell=allow', denied).shellDenied, null, 'not what the configuration denies');
  t.equal(read('reliable_raid.shell=deny reliable_raid.shell=allow').shellDenied, null);
  t.same(read('', denied).shellDenied, { by: 'configuration' });
  t.same(read('rd.shell=0 panic').shellDenied, { by: 'kernel-argument', argument: 'panic=' });
  t.same(read('rd.reliable_raid.shell=no').shellDenied, {
    by: 'kernel-argument',
    argument: 'rd.reliable_raid.shell=no',
  });
});
