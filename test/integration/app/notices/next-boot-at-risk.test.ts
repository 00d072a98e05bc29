import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { LOOK } from '../../../../src/app/inspect/explain.ts';
import type { FactSources } from '../../../../src/app/machine.ts';
import { markNextBootRisk, readNextBootRisk } from '../../../../src/app/notices/next-boot-at-risk.ts';
import { resolve } from '../../../../src/app/watchlist/resolve.ts';
import { withGrub } from '../../../support/recorded-boot.ts';
import { recordedMachine, type TextFiles } from '../../../support/recorded-machine.ts';
import { recordedSysfs } from '../../../support/recorded-sysfs.ts';

const FOLDER = join(import.meta.dirname, '../../../fixtures/recorded/trixie-mdadm-4.4/metadata-versions');

/** A recorded machine whose image holds what it should, but for this. */
function machineOf(texts: TextFiles, without: string) {
  const files = Object.fromEntries(
    readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]),
  );
  const { recording, texts: sysfs, folders } = recordedSysfs(files);
  const system = { '/etc/fstab': files['fstab'] ?? '', '/proc/cmdline': 'quiet', ...sysfs, ...texts };
  const machine = withGrub(recordedMachine(recording, system, folders));
  const run: FactSources['runner']['run'] = async (argv, options) => {
    const result = await machine.runner.run(argv, options);
    const lines = result.stdout.split('\n').filter((line) => without === '' || !line.endsWith(without));
    return argv[0] === 'lsinitramfs' ? { ...result, stdout: lines.join('\n') } : result;
  };
  const written: string[] = [];
  const writeDurably: FactSources['files']['writeDurably'] = async (path) => {
    written.push(path);
  };
  const makeFolder = async () => undefined;
  const list: FactSources['files']['list'] = async (path) =>
    path === '/proc' ? ['9'] : machine.files.list(path);
  return {
    machine: { ...machine, runner: { run }, files: { ...machine.files, list, writeDurably, makeFolder } },
    written,
  };
}

async function looked(texts: TextFiles = {}, without = '') {
  const { machine, written } = machineOf(texts, without);
  const listNow = await resolve(machine, LOOK);
  await markNextBootRisk(machine, listNow);
  return { risk: await readNextBootRisk(machine, listNow), written };
}

test('a boot that comes up is none; one that does not is told, and a look is due', async (t) => {
  t.same(await looked(), { risk: { kind: 'known', fault: null }, written: [] });
  for (const without of ['/mdadm', '/raid1.ko', '/reliable-raid'])
    t.match(await looked({}, without), {
      risk: { kind: 'known', fault: new RegExp(without.slice(1, 6)) },
      written: ['/run/reliable-raid/notify-due'],
    });
});

test('while an image is built, and where nothing can be foretold, nothing is said', async (t) => {
  const unknown = { risk: { kind: 'unknown' }, written: [] };
  t.same(await looked({ '/proc/9/comm': 'mkinitramfs\n' }, '/mdadm'), unknown);
  t.same(await looked({ '/etc/fstab': '/dev/nowhere / ext4\n' }, '/mdadm'), unknown);
});
