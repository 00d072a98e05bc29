import { test } from 'tap';
import { loadConfiguration } from '../../../src/app/load-configuration.ts';
import { MemoryFiles } from '../../support/memory-files.ts';

test('files in the order of their names; what cannot be read or is no TOML costs only itself', async (t) => {
  const files = new MemoryFiles({
    '/c/config.toml': 'wait = 5\nstrict = true\n',
    '/c/config.d/20.toml': 'wait = 7\n',
    '/c/config.d/10.toml': 'wait = 6\nshell = "deny"\n',
    '/c/config.d/30.toml': 'wait = = 9\n',
    '/c/config.d/40.txt': 'wait = 10\n',
    '/c/config.d/50.toml': '',
  });
  files.broken.set('/c/config.d/50.toml', { reason: 'denied', detail: 'EACCES' });
  const { configuration, warnings } = await loadConfiguration(files, '/c');
  t.match(configuration.options, { wait: 7, strict: true, shell: 'deny' });
  t.equal(warnings.length, 2);
  t.match(warnings.join('\n'), /30\.toml:1: /);
  t.match(warnings.join('\n'), /50\.toml.*EACCES/);
  t.same(
    (await loadConfiguration(new MemoryFiles(), '/c')).warnings,
    [],
    'no configuration is none to warn of',
  );
});
