/** Runs shellcheck over every shell file that git knows or would add: by its first line, or by a shellcheck directive in it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { ROOT, runTool, ToolError } from '../project.ts';

const SHEBANG = /^#!\s*\/(?:usr\/)?bin\/(?:env )?(?:ba|da)?sh\b/;
const DIRECTIVE = /^# shellcheck shell=/;

export async function shellFiles(): Promise<string[]> {
  const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: ROOT,
    stdin: 'ignore',
  });
  const found: string[] = [];
  for (const path of stdout.split('\0').filter(Boolean)) {
    const head = await readFile(join(ROOT, path), 'utf8').then(
      (text) => text.slice(0, 200),
      () => '',
    );
    if (SHEBANG.test(head) || DIRECTIVE.test(head)) found.push(path);
  }
  return found.sort();
}

if (import.meta.main) {
  await runTool(async () => {
    const files = await shellFiles();
    const run = await execa('shellcheck', ['--external-sources', '--severity=style', ...files], {
      cwd: ROOT,
      stdin: 'ignore',
      stdout: 'inherit',
      stderr: 'inherit',
      reject: false,
    });
    if (run.code === 'ENOENT')
      throw new ToolError('shellcheck is not installed', 'sudo apt-get install shellcheck');
    if (run.failed)
      throw new ToolError(`shellcheck has something to say about ${files.length} shell files (above)`);
    process.stdout.write(`shellcheck: ${files.length} files, nothing to say\n`);
  });
}
