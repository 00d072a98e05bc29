// The bill of materials against CycloneDX's own schema, and against what is in the programs.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import t from 'tap';
import { hostArch } from '../../tools/build/arch.ts';
import { PACKAGE, ROOT } from '../../tools/project.ts';
import { billOfMaterials } from '../../tools/release/bill-of-materials.ts';
import { npmParts } from '../../tools/release/npm-parts.ts';
import { releaseParts, unlisted } from '../../tools/release/release-parts.ts';

interface Bom {
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp: string; readonly component: { readonly version: string } };
  readonly components: readonly {
    readonly name: string;
    readonly group?: string;
    readonly version: string;
    readonly purl: string;
    readonly 'bom-ref': string;
    readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
    readonly licenses?: readonly unknown[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

const DATE = 1_700_000_000;
const materials = await releaseParts([hostArch()]);
const text = await billOfMaterials({ date: DATE, ...materials });
const bom = JSON.parse(text) as Bom;
const called = (name: string) => bom.components.filter((one) => one.name === name);
const fromNpm = (name: string) =>
  bom.components.filter(({ purl }) => purl.startsWith(`pkg:npm/${name.replace('@', '%40')}@`));

t.test('it is valid', async (t) => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  t.equal(await validator.validate(text), null);
  t.not(
    await validator.validate(text.replace('"library"', '"shelf"')),
    null,
    'the schema is really looked at',
  );
});

t.test('the same bytes for the same source, and another number for another date', async (t) => {
  t.equal(await billOfMaterials({ date: DATE, ...(await releaseParts([hostArch()])) }), text);
  t.equal(bom.metadata.timestamp, '2023-11-14T22:13:20.000Z');
  const later = JSON.parse(await billOfMaterials({ date: DATE + 1, ...materials })) as Bom;
  t.not(later.serialNumber, bom.serialNumber);
});

t.test('what npm brings into the program, and nothing that only builds or tests it', async (t) => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  for (const name of Object.keys(lock.packages[''].dependencies)) {
    const [one] = bom.components.filter(({ purl }) =>
      purl.startsWith(`pkg:npm/${name.replace('@', '%40')}@`),
    );
    t.equal(one?.version, lock.packages[`node_modules/${name}`].version, name);
    t.match(one?.hashes, [{ alg: 'SHA-512', content: /^[0-9a-f]{128}$/ }]);
    t.equal(one?.licenses?.length, 1);
  }
  for (const name of Object.keys(PACKAGE.devDependencies)) t.same(fromNpm(name), [], name);
  t.equal(called('to-json-schema')[0]?.group, '@valibot');
});

t.test('what npm knows nothing of', async (t) => {
  const node = PACKAGE.optionalDependencies[`node-linux-${process.arch}`];
  t.match(called('node'), [{ version: node, hashes: [{ alg: 'SHA-512' }] }]);
  t.match(called('openssl'), [{ version: process.versions.openssl }]);
  t.match(called('quickjs'), [{ version: /^20\d\d\.\d\d\.\d\d-/, hashes: [{ alg: 'SHA-256' }] }]);
  const libc = execFileSync('getconf', ['GNU_LIBC_VERSION'], { encoding: 'utf8' }).trim();
  t.equal(`glibc ${called('glibc')[0]?.version}`, libc);
});

t.test('who needs whom', async (t) => {
  const refs = new Map(bom.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  for (const { 'bom-ref': ref } of bom.components) t.ok(refs.has(ref), ref);
  const reached = new Set([`reliable-raid@${bom.metadata.component.version}`]);
  for (const ref of reached) for (const needed of refs.get(ref) ?? []) reached.add(needed);
  t.equal(reached.size, bom.components.length + 1, 'the program leads to each of them');
});

t.test('nothing of the machine that made it', async (t) => {
  t.notMatch(text, new RegExp(ROOT));
  t.notMatch(text, /node_modules|resolved/);
});

t.test('a package that another one brings along itself is found', async (t) => {
  const { direct, parts } = npmParts({
    packages: {
      '': { dependencies: { a: '1', '@scope/b': '1' } },
      'node_modules/a': { version: '1.0.0', dependencies: { c: '2' } },
      'node_modules/a/node_modules/c': { version: '2.0.0', dependencies: { d: '1' } },
      'node_modules/@scope/b': { version: '1.0.0', dependencies: { c: '1' } },
      'node_modules/c': { version: '1.0.0' },
      'node_modules/d': { version: '1.0.0', dependencies: { c: '1' } },
      'node_modules/only-for-tests': { version: '1.0.0' },
    },
  });
  t.same(direct, ['a@1.0.0', '@scope/b@1.0.0']);
  t.same(Object.fromEntries(parts.map(({ ref, needs }) => [ref, needs])), {
    'a@1.0.0': ['c@2.0.0'],
    '@scope/b@1.0.0': ['c@1.0.0'],
    'c@2.0.0': ['d@1.0.0'],
    'c@1.0.0': [],
    'd@1.0.0': ['c@1.0.0'],
  });
  t.throws(() => npmParts({ packages: { '': { dependencies: { a: '1' } } } }), {
    message: 'package-lock.json has no a, which package.json needs',
  });
});

t.test('what the build put in and nobody lists is named', async (t) => {
  const line = '='.repeat(78);
  const notices = `${line}\ncommander ${called('commander')[0]?.version} (MIT)\n\ntext\n${line}\n@x/y 1.0.0 (licence below)\n`;
  t.same(unlisted(notices, materials.parts), ['@x/y@1.0.0']);
});
