// Nothing that the package brings speaks of what it does not bring: whoever has the package has not this repository.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'tap';
import { ENGINE_COMMANDS, HOST_COMMANDS } from '../../src/cli/command-table.ts';
import { ROOT } from '../../tools/project.ts';

const DEBIAN = 'packaging/debian';
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const linesOf = (name: string): readonly string[] =>
  read(`${DEBIAN}/${name}`)
    .split('\n')
    .filter((line) => line !== '');

interface Shipped {
  /** In this repository. */
  readonly source: string;
  /** On the machine. */
  readonly path: string;
}

function filesOf(source: string, folder: string): readonly Shipped[] {
  const full = join(ROOT, source);
  // debhelper of Debian 12 finds units there alone; they are moved then.
  const path = `/${folder.replace(/^lib\//, 'usr/lib/')}/${basename(source)}`;
  // What is built has no text of ours to look at.
  if (!existsSync(full) || statSync(full).isFile()) return [{ source, path }];
  return readdirSync(full).flatMap((name) => filesOf(`${source}/${name}`, path.slice(1)));
}

const DOC = 'usr/share/doc/reliable-raid';

const SHIPPED: readonly Shipped[] = [
  ...linesOf('reliable-raid.install').flatMap((line) => {
    const [source = '', folder = ''] = line.split(' ');
    return filesOf(source, folder);
  }),
  ...linesOf('reliable-raid.docs').flatMap((source) => filesOf(source, DOC)),
  ...linesOf('reliable-raid.examples').flatMap((source) => filesOf(source, `${DOC}/examples`)),
  ...linesOf('reliable-raid.manpages').flatMap((source) => filesOf(source, 'usr/share/man')),
  ...['README.Debian', 'NEWS', 'copyright', 'changelog'].map((name) => ({
    source: `${DEBIAN}/${name}`,
    path: `/${DOC}/${name}`,
  })),
  { source: `${DEBIAN}/reliable-raid.bug-script`, path: '/usr/share/bug/reliable-raid/script' },
  {
    source: `${DEBIAN}/reliable-raid.lintian-overrides`,
    path: '/usr/share/lintian/overrides/reliable-raid',
  },
];

const PATHS = new Set(SHIPPED.map(({ path }) => path));
const NAMES = new Set(SHIPPED.map(({ source }) => basename(source)));
const COMMANDS = new Set([...HOST_COMMANDS, ...ENGINE_COMMANDS].map(({ name }) => name));

/** Places and programs of this repository that no package brings. */
const OF_THE_SOURCE =
  /(?<![\w/.-])(?:docs|src|tools|test|packaging)\/[\w-]+|(?<![\w/])\.\/(?:check|demo)\b|\bnpm (?:run|ci)\b|\bREADME\.md\b|\bCONTRIBUTING\b/g;

/** What a text speaks of that is not there. */
function astray(text: string): readonly string[] {
  const plain = text
    .replaceAll('\\-', '-')
    .replace(/\\f[BIR]/g, '')
    .replace(/^\.[BI]R? /gm, '');
  const found = (pattern: RegExp, isThere: (words: readonly string[]) => boolean): readonly string[] =>
    [...plain.matchAll(pattern)].flatMap((match) => (isThere(match.slice(1)) ? [] : [match[0]]));
  return [
    ...found(OF_THE_SOURCE, () => false),
    ...found(/\b(reliable-raid(?:-[a-z]+)?) ?\((\d)\)/g, ([name, section]) =>
      NAMES.has(`${name}.${section}`),
    ),
    ...found(/(?<![\w/-])(reliable-raid-[\w@-]+\.(?:service|path|timer))/g, ([name = '']) => NAMES.has(name)),
    ...found(/(\/usr\/(?:lib|share)\/[\w./-]*reliable-raid[\w./-]*\w)/g, ([path = '']) => isBrought(path)),
    ...found(
      /(?:^ {2,}|[`"]|^(?=reliable-raid [a-z]+(?: [-/]| *$)))reliable-raid ([a-z]+)\b/gm,
      ([command = '']) => COMMANDS.has(command),
    ),
  ];
}

const isBrought = (path: string): boolean =>
  PATHS.has(path) || [...PATHS].some((one) => one.startsWith(`${path}/`));

test('what leads nowhere is found', async (t) => {
  t.same(
    astray(
      'see docs/adr/0001, ./demo, npm run build, man reliable-raid-x(7), "reliable-raid fly"',
    ).toSorted(),
    ['"reliable-raid fly', './demo', 'docs/adr', 'npm run', 'reliable-raid-x(7)'],
  );
  t.same(astray('reliable-raid-x.service and /usr/lib/reliable-raid/none'), [
    'reliable-raid-x.service',
    '/usr/lib/reliable-raid/none',
  ]);
  t.same(astray('`reliable-raid status`, reliable-raid\\-boot(7), /usr/lib/reliable-raid/md-event'), []);
});

test('all that is shipped speaks of what is shipped', async (t) => {
  const texts = SHIPPED.filter(({ source }) => existsSync(join(ROOT, source)) && !source.startsWith('dist/'));
  t.ok(texts.length > 50, `${texts.length} files`);
  for (const { source } of texts) {
    // What runs in the boot image speaks of places there.
    const isOfImage = /^(?:initramfs-tools|dracut)\//.test(source);
    const found = astray(read(source)).filter((one) => !isOfImage || !one.startsWith('/usr/'));
    t.same(found, [], source);
  }
});
