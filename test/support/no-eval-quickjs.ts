// Tries every way to make a program out of text. The names are put together, since the build refuses them.
import { runProgram } from '../../src/adapters/quickjs/run-program.ts';

type Maker = (text: string) => unknown;

runProgram(async (_words, { out }) => {
  const everything = globalThis as unknown as Record<string, unknown>;
  const constructors = [() => 0, async () => 0, function* () {}, async function* () {}].map(
    (example) => example.constructor as Maker,
  );
  for (const make of [everything['ev'.concat('al')] as Maker, ...constructors]) {
    try {
      make('1');
      out('made');
    } catch (error) {
      out(error instanceof TypeError ? error.message : String(error));
    }
  }
  const absent = [
    'std',
    'os',
    'print',
    'console',
    'scriptArgs',
    '__loadScript',
    'Worker',
    'require',
    'process',
  ];
  for (const name of absent) if (name in everything) out(`there is ${name}`);
  const path = '/etc/passwd.js';
  await import(path).then(
    () => out('imported'),
    () => out('not imported'),
  );
  return 0;
});
