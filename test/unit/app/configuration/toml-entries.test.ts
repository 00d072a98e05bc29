import fc from 'fast-check';
import { parse } from 'smol-toml';
import { test } from 'tap';
import { isTable, tomlEntries } from '../../../../src/app/configuration/toml-entries.ts';

const read = (...lines: readonly string[]) => {
  const { entries, faults } = tomlEntries(lines.join('\n'));
  return {
    said: entries.map(({ path, value, line }) => `${line} ${path.join('/')} ${JSON.stringify(value)}`),
    faults: faults.map(({ line, why }) => `${line} ${why}`),
  };
};

test('each value by the names that lead to it, with its line', async (t) => {
  const { said, faults } = read(
    '\uFEFFwait = 3 # three',
    '',
    '[array."/dev/md0"]',
    'degraded = "never"\r',
    '[array]',
    'x.wait = 4',
    'y = { wait = 5, degraded = "ask" }',
    '[[list]]',
    'inside = 1',
    '[empty]',
  );
  t.same(faults, []);
  t.same(said, [
    '1 wait 3',
    '3 array//dev/md0 {}',
    '4 array//dev/md0/degraded "never"',
    '5 array {}',
    '6 array/x/wait 4',
    '7 array/y/wait 5',
    '7 array/y/degraded "ask"',
    '8 list []',
    '10 empty {}',
  ]);
});

test('a value over several lines is one, and what stands in it is no setting', async (t) => {
  const { said, faults } = read(
    'text = """',
    'degraded = "never"',
    '"""',
    'list = [',
    ' 1,',
    ']',
    'wait = 3',
  );
  t.same(faults, []);
  t.same(said, ['1 text "degraded = \\"never\\"\\n"', '4 list [1]', '7 wait 3']);
});

test('a bad line costs only itself, a bad heading its section', async (t) => {
  const { said, faults } = read(
    'wait = = 3',
    'degraded = never',
    'shell = "deny"',
    '[array.md0',
    'degraded = "start"',
    '[array.md1]',
    'wait = 4',
  );
  t.same(said, ['3 shell "deny"', '6 array/md1 {}', '7 array/md1/wait 4']);
  t.match(faults, [
    /^1 no TOML \(.+\); the line is ignored$/,
    /^2 .*: a word stands in quotes, degraded = "never"; the line is ignored$/,
    /^4 .*; the section is ignored$/,
  ]);
});

test('what is TOML is read as TOML, whatever it is', async () => {
  const key = fc.constantFrom('a', 'b', 'c', '"d e"');
  const value = fc.constantFrom(
    '1',
    '"x"',
    'true',
    '[1, 2]',
    '[\n1,\n]',
    '"""\ny = 1\n"""',
    '{ p = 1 }',
    '1979-05-27',
  );
  const file = fc
    .array(
      fc.oneof(
        fc.tuple(key, value).map(([k, v]) => `${k} = ${v}`),
        key.map((k) => `[t.${k}]`),
        fc.constant('# c'),
      ),
    )
    .map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(file, (text) => {
      let whole: Record<string, unknown>;
      try {
        whole = parse(text);
      } catch {
        return;
      }
      const { entries, faults } = tomlEntries(text);
      if (faults.length > 0) throw new Error(faults[0]?.why);
      const built: Record<string, unknown> = {};
      for (const { path, value: leaf } of entries) {
        let at = built;
        for (const name of path.slice(0, -1)) {
          at[name] ??= {};
          at = at[name] as Record<string, unknown>;
        }
        const last = path.at(-1) ?? '';
        if (!(isTable(leaf) && last in at)) at[last] = leaf;
      }
      if (JSON.stringify(sorted(built)) !== JSON.stringify(sorted(whole)))
        throw new Error(JSON.stringify(built));
    }),
  );
});

const sorted = (value: unknown): unknown =>
  isTable(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([k, v]) => [k, sorted(v)]),
      )
    : value;

test('no text throws, and a hostile one ends soon', async (t) => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void tomlEntries(text)));
  const { faults } = tomlEntries('a = [\n'.repeat(20_000));
  t.match(faults.at(-1), { line: 51, why: /the rest of the file is ignored/ });
});
