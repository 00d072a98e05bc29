import { test } from 'tap';
import { loadConfiguration } from '../../../src/app/load-configuration.ts';
import { MemoryFiles } from '../../support/memory-files.ts';

test('files in the order of their names; what cannot be read or is no TOML costs only itself', async (t) => {
  const files = new MemoryFiles({
    '/c/config.toml': 'wait = 5\nstrict = true\n',
    '/c/config.d/20.toml': 'wait = 7\n',
    '/c/config.d/10.toml': 'wait = 6\nshell = "deny"\n',
    '/c/config.d/30.toml': 'wait = = 9\nreadd = "manual"\n',
    '/c/config.d/40.txt': 'wait = 10\n',
    '/c/config.d/50.toml': '',
  });
  files.broken.set('/c/config.d/50.toml', { reason: 'denied', detail: 'EACCES' });
  const { configuration, warnings } = await loadConfiguration(files, '/c');
  t.match(configuration.options, { wait: 7, strict: true, shell: 'deny', readd: 'manual' });
  t.equal(warnings.length, 2);
  t.match(warnings.join('\n'), /30\.toml:1: /);
  t.match(warnings.join('\n'), /50\.toml: could not be read \(EACCES\): run it as root; ignored/);
  t.same(
    (await loadConfiguration(new MemoryFiles(), '/c')).warnings,
    [],
    'no configuration is none to warn of',
  );
});

test('a folder that may not be read is not an empty one, and a file is not cut without a word', async (t) => {
  const files = new MemoryFiles({ '/c/config.toml': `wait = 30\n#${'x'.repeat(300_000)}\n` });
  files.broken.set('/c/config.d', { reason: 'denied', detail: 'EACCES' });
  const { configuration, warnings } = await loadConfiguration(files, '/c');
  t.equal(configuration.options.wait, 30);
  t.same(warnings, [
    '/c/config.d: could not be read: run it as root; ignored',
    '/c/config.toml: has more than 262144 characters; what is beyond them is ignored',
  ]);
});
