// node test/boot/repository/run.ts [--deb PATH] [--from PATH] [--suite trixie]
// A machine on RAID1 as one meets it who installs from the repository: the README's lines over a web server, an upgrade, a boot with a
// disk missing, the disk's return, removal and purge, in a booted guest under user-mode Linux. `--from`: the package of an earlier release;
// without it, the same one under a lower version. All that was typed and shown is kept in test/boot/.out/repository.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { endInOneLine } from '../../../src/adapters/node/standard-output.ts';
import { type Guest, guest } from '../guest/guest.ts';
import { installHostPrograms } from '../guest/host-command.ts';
import { imageOnDisk } from '../guest/image-on-disk.ts';
import type { Layout } from '../guest/layout.ts';
import { layoutNamed } from '../guest/layouts.ts';
import { newestPackage } from '../guest/newest-package.ts';
import { say, step } from '../guest/progress.ts';
import { scratchFolder } from '../guest/scratch.ts';
import { diskPath } from '../vm/disk-path.ts';
import type { Machine } from '../vm/machine.ts';
import { readable } from '../vm/serial-console.ts';
import { startMachine } from '../vm/start-machine.ts';
import { administratorsLines, PORT } from './readme-lines.ts';
import { asEarlierVersion, forgetKeys, type Releases, twoReleases } from './two-releases.ts';

endInOneLine('error: ');
const { values: options } = parseArgs({
  options: {
    deb: { type: 'string' },
    from: { type: 'string' },
    suite: { type: 'string', default: 'trixie' },
  },
});

/** What the README's lines need beside what every guest has. */
const LAYOUT: Layout = { ...layoutNamed('raid1-ext4'), name: 'raid1-ext4-apt', packages: ['sudo', 'wget'] };
const BOOT_SECONDS = 600;
const COMMAND_SECONDS = 900;

const CONFIGURATION = 'wait = 7\nnotice_after = 3\n';
const LIST = 'etc/reliable-raid/watchlist.json';
/** The administrator's own: he has put them there, and apt keeps what it was told. */
const OF_APT =
  '/var/lib/apt/lists/*:/var/cache/apt/*:/etc/apt/keyrings/reliable-raid.asc:/etc/apt/sources.list.d/reliable-raid.list';

const out = fileURLToPath(new URL(`../.out/repository/${options.suite}`, import.meta.url));
const problems: string[] = [];

async function main(): Promise<void> {
  const deb = options.deb === undefined ? newestPackage() : resolve(options.deb);
  if (deb === undefined) throw new Error('there is no package to install: npm run package, or --deb PATH');
  await installHostPrograms(say);
  const work = scratchFolder('repository');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const before = options.from === undefined ? await asEarlierVersion(deb, work) : resolve(options.from);
  const releases = await twoReleases(work, { before, now: deb });
  try {
    const stock = await guest(LAYOUT, { kind: 'stock' }, options.suite);
    await step('install and upgrade', () => booted('installed', stock, work, [], installed(stock, releases)));
    const initrd = await imageOnDisk(LAYOUT, options.suite, disksIn(work), work);
    await step('a disk is missing, and everything is taken off again', () =>
      booted('degraded', stock, work, ['disk2'], degraded(stock), initrd),
    );
  } finally {
    await forgetKeys();
  }
  for (const problem of problems) process.stdout.write(`FAILED ${problem}\n`);
  process.stdout.write(`all that was typed and shown: ${out}\n`);
  process.stdout.write(problems.length === 0 ? 'ok\n' : `${problems.length} failed\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

/** What is done on a machine that runs. */
type Visit = (hand: Hand) => Promise<void>;

interface Hand {
  readonly machine: Machine;
  /** A command that must succeed, and what it must have printed. */
  types(command: string, expected?: RegExp, status?: number): Promise<string>;
  expects(what: string, isSo: boolean): void;
}

function installed(stock: Guest, releases: Releases): Visit {
  const { before, now } = releases.versions;
  return async ({ types, expects }) => {
    await types(
      `mount -t hostfs -o hostfs=${releases.folder} none /mnt || mount -t hostfs -o ${releases.folder} none /mnt`,
    );
    await types(`busybox httpd -p 127.0.0.1:${PORT} -h /mnt`);
    await types(filesOnDisk('before'));
    await releases.publish('before');
    for (const line of administratorsLines()) await types(line);
    await types('reliable-raid --version', versionOnly(before));
    await types(listInImage(), /^1$/m);
    await types('mkdir -p /etc/reliable-raid');
    await types(`printf '${CONFIGURATION.replaceAll('\n', '\\n')}' >/etc/reliable-raid/config.toml`);
    await types('reliable-raid ledger');
    await releases.publish('now');
    await types(
      'sudo apt-get update && sudo apt-get upgrade -y',
      new RegExp(`reliable-raid \\(${escaped(now)}\\)`),
    );
    await types('reliable-raid --version', versionOnly(now));
    const kept = await types('cat /etc/reliable-raid/config.toml');
    expects('the upgrade keeps the configuration', `${kept.trim()}\n` === CONFIGURATION);
    await types(listInImage(), /^1$/m);
    await types('systemctl --failed --no-legend --no-pager', /^\s*$/);
    await types('reliable-raid config');
    await types('reliable-raid resolve');
    await types('reliable-raid status');
    // No firmware has started this machine, so that what does is not known.
    await types('reliable-raid explain --each', /starts degraded after 7 s/, 1);
    await types('reliable-raid verify || :');
    expects('the list came with the image', !stock.initrdFiles.includes(LIST));
  };
}

function degraded(stock: Guest): Visit {
  return async ({ machine, types, expects }) => {
    const seen = readable(machine.console.raw);
    expects(
      'the boot names the missing disk',
      /NOTICE: array md0 \(1 of 2 members\) is not complete after \d+ s/.test(seen),
    );
    expects('the boot starts the array degraded', /starting array md0 degraded/.test(seen));
    await types('reliable-raid status', /DEGRADED SINCE BOOT/, 1);
    await machine.plug('disk2');
    await types('until [ "$(cat /sys/block/md0/md/degraded)" = 0 ]; do sleep 1; done');
    await types('reliable-raid status', undefined, 0);
    await types('sudo apt-get remove -y reliable-raid');
    const kept = await types('cat /etc/reliable-raid/config.toml');
    expects('removal keeps the configuration', `${kept.trim()}\n` === CONFIGURATION);
    await types(listInImage(), /^0$/m);
    const said = await types('sudo apt-get purge -y reliable-raid');
    expects('the purge says what it took', /removed .*\/etc\/reliable-raid/.test(said));
    await types(`${filesOnDisk('after')}; diff /var/tmp/before /var/tmp/after || :`);
    const left = await types(
      `find / -xdev -iname '*reliable*raid*' ${OF_APT.split(':')
        .map((path) => `-not -path '${path}'`)
        .join(' ')}`,
    );
    expects(`nothing of it is left: ${left.trim()}`, left.trim() === '');
    await types('systemctl list-unit-files --no-legend --no-pager "reliable*" || :', /^\s*$/);
    await types('dpkg --list | grep reliable-raid', /^\s*$/, 1);
    const image = await types('lsinitramfs "/boot/initrd.img-$(ls /lib/modules)" | sort');
    expects('the image is the one of before', image.trim() === stock.initrdFiles.join('\n').trim());
  };
}

const escaped = (text: string): string => text.replace(/[.+*?~]/g, '\\$&');
const versionOnly = (version: string): RegExp =>
  new RegExp(`^${escaped(version.replace('~earlier', ''))}$`, 'm');
const listInImage = (): string =>
  `lsinitramfs "/boot/initrd.img-$(ls /lib/modules)" | grep -c '^${LIST}$' || :`;
const filesOnDisk = (name: string): string =>
  `find / -xdev -not -path '/var/tmp/*' -not -path '/tmp/*' | sort >/var/tmp/${name}`;

async function booted(
  name: string,
  stock: Guest,
  folder: string,
  absent: readonly string[],
  visit: Visit,
  initrd?: string,
): Promise<void> {
  const machine = await startMachine('user-mode', {
    guest: stock,
    folder,
    absent,
    ...(initrd === undefined ? {} : { initrd }),
  });
  const typed: string[] = [];
  const expects = (what: string, isSo: boolean): void => {
    if (!isSo) problems.push(`${name}: ${what}`);
  };
  const types = async (command: string, expected?: RegExp, status?: number): Promise<string> => {
    const { code, output } = await machine.shell.run(command, COMMAND_SECONDS);
    typed.push(`# ${command}\n${output.trimEnd()}\n[${code}]\n`);
    expects(`"${command}" ends with ${code}: ${output.trim().slice(-400)}`, code === (status ?? 0));
    if (expected !== undefined)
      expects(`"${command}" does not say ${expected}: ${output.trim().slice(-400)}`, expected.test(output));
    return output;
  };
  try {
    await machine.shellLine.waitFor(/test-shell/, 0, AbortSignal.timeout(BOOT_SECONDS * 1000));
    await machine.shell.run('systemctl is-system-running --wait', BOOT_SECONDS);
    await visit({ machine, types, expects });
    machine.shellLine.send('systemctl poweroff\n');
    await machine.exited;
  } finally {
    await machine.stop();
    writeFileSync(join(out, `${name}.console`), readable(machine.console.raw));
    writeFileSync(join(out, `${name}.typed`), typed.join('\n'));
  }
}

function disksIn(folder: string): Readonly<Record<string, string>> {
  const names = Object.keys(LAYOUT.disks);
  return Object.fromEntries(names.map((name) => [name, diskPath(folder, name, 'user-mode')]));
}

await main();
