/**
 * QuickJS as Debian's source package has it: fetched through apt, compared with the sums below, unpacked with Debian's
 * patches. Nothing of it is kept in this repository.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { DIST, ToolError } from '../project.ts';
import { builtOnce } from './build-once.ts';
import { sha256OfFile } from './content-key.ts';

export const QUICKJS_VERSION = '2025.04.26-1';

/** Debian releases that have this version. */
const SUITES = ['trixie', 'sid'];

const DESCRIPTION = `quickjs_${QUICKJS_VERSION}.dsc`;

/** Of the source as its author gave it out. */
export const QUICKJS_SHA256 = 'ec81da5b3249ed648dbc7df4a1654988910e66a118d9b71cb63534216efcfbbe';

const FILES: Readonly<Record<string, string>> = {
  [DESCRIPTION]: '9dc1d44c9d68023ba42778f2263b25409e0037aefa32cd72a56420d2ed4fdc06',
  'quickjs_2025.04.26.orig.tar.xz': QUICKJS_SHA256,
  [`quickjs_${QUICKJS_VERSION}.debian.tar.xz`]:
    '33e980d4737e83419ae2fb3c833a9d1813ee5edbf2e3da129a66f8bffac23862',
};

/** What the engine is built from, for keys of what is built. */
export const QUICKJS_PIN = Object.values(FILES).join(' ');

const CACHE = join(DIST, '.cache', 'quickjs');
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The folder with the unpacked source; fetched on first use. */
export async function quickjsSource(): Promise<string> {
  const folder = await builtOnce('quickjs/source', [QUICKJS_PIN], async (unfinished) => {
    if (!(await haveFiles())) await fetchFiles();
    await unpack(join(unfinished, 'quickjs'));
  });
  return join(folder, 'quickjs');
}

/** What must be told to everybody who gets a program with QuickJS and the C library inside. */
export async function quickjsNotice(): Promise<string> {
  const line = '='.repeat(78);
  return `${line}
QuickJS ${QUICKJS_VERSION}

${await readFile(join(await quickjsSource(), 'LICENSE'), 'utf8')}
${line}
GNU C Library (LGPL-2.1-or-later), linked statically from the package libc6-dev of the distribution that built the program.
Its source is that distribution's; the source of reliable-raid is enough to link it with another version: npm run build
`;
}

async function haveFiles(): Promise<boolean> {
  for (const [name, sum] of Object.entries(FILES)) {
    const path = join(CACHE, name);
    if (!existsSync(path)) return false;
    const actual = await sha256OfFile(path);
    if (actual === sum) continue;
    await rm(path);
    throw new ToolError(`${name}: its sha256 is ${actual}, not ${sum}: it was thrown away`);
  }
  return true;
}

async function fetchFiles(): Promise<void> {
  const mirror = process.env['RELIABLE_RAID_MIRROR'] ?? (await hostMirror());
  const tried: string[] = [];
  for (const suite of mirror === undefined ? [] : SUITES) {
    const said = await fetchFrom(`${mirror} ${suite} main`);
    if (said === null && (await haveFiles())) return;
    tried.push(`  ${suite}: ${said ?? 'apt-get delivered nothing'}`);
  }
  throw new ToolError(
    [`the source package quickjs ${QUICKJS_VERSION} of Debian could not be had`, ...tried].join('\n'),
    `RELIABLE_RAID_MIRROR=<url of a Debian mirror> npm run build, or put these into ${CACHE}: ${Object.keys(FILES).join(' ')}`,
  );
}

/** The Debian mirror that the host's own apt uses. */
async function hostMirror(): Promise<string | undefined> {
  const targets = await execa('apt-get', ['indextargets', '--format', '$(ORIGIN)|$(LABEL)|$(REPO_URI)'], {
    stdin: 'ignore',
    reject: false,
  });
  const lines = (targets.stdout ?? '').split('\n').map((line) => line.split('|'));
  return lines.find(([origin, label]) => origin === 'Debian' && label === 'Debian')?.[2];
}

/** Downloads with lists and settings of our own, beside the host's; null when that went well, else the last it said. */
async function fetchFrom(source: string): Promise<string | null> {
  const apt = join(CACHE, `apt.${process.pid}`);
  try {
    return await fetchInto(apt, source);
  } finally {
    await rm(apt, { recursive: true, force: true });
  }
}

async function fetchInto(apt: string, source: string): Promise<string | null> {
  for (const folder of ['lists/partial', 'archives/partial'])
    await mkdir(join(apt, folder), { recursive: true });
  // Either way the bytes that come are compared with the sums above.
  const trust = existsSync(KEYRING) ? `signed-by=${KEYRING}` : 'trusted=yes';
  await writeFile(join(apt, 'sources.list'), `deb-src [${trust}] ${source}\n`);
  await writeFile(join(apt, 'status'), '');
  const settings = [
    `Dir::Etc::SourceList "${apt}/sources.list";`,
    'Dir::Etc::SourceParts "-";',
    `Dir::State "${apt}";`,
    `Dir::State::Status "${apt}/status";`,
    `Dir::Cache "${apt}";`,
    'APT::Sandbox::User "root";',
  ];
  await writeFile(join(apt, 'apt.conf'), `${settings.join('\n')}\n`);
  const options = {
    cwd: apt,
    env: { APT_CONFIG: join(apt, 'apt.conf'), LC_ALL: 'C' },
    stdin: 'ignore',
    all: true,
    reject: false,
  } as const;
  for (const args of [
    ['update'],
    ['source', '--download-only', '--only-source', `quickjs=${QUICKJS_VERSION}`],
  ]) {
    const run = await execa('apt-get', args, options);
    if (run.failed) return run.all?.trim().split('\n').at(-1) ?? 'apt-get cannot be run';
  }
  for (const name of Object.keys(FILES))
    if (existsSync(join(apt, name))) await copyFile(join(apt, name), join(CACHE, name));
  return null;
}

async function unpack(target: string): Promise<void> {
  const args = ['--no-check', '--extract', DESCRIPTION, target];
  const run = await execa('dpkg-source', args, { cwd: CACHE, stdin: 'ignore', all: true, reject: false });
  if (run.failed)
    throw new ToolError(
      `dpkg-source cannot unpack ${DESCRIPTION}: ${run.all ?? run.message}`,
      'apt-get install dpkg-dev xz-utils patch',
    );
}
