/** The notices that must travel with the binary: of Node, and of every npm package that esbuild put into the bundle. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from '../project.ts';

export async function licencesOf(bundledFiles: readonly string[], baseNode: string | null): Promise<string> {
  const folders = new Set(bundledFiles.map(packageFolder).filter((folder) => folder !== null));
  const texts: string[] = [];
  for (const folder of [...folders].sort()) texts.push(await noticeOf(folder));
  if (baseNode !== null) texts.push(await noticeOf(dirname(dirname(baseNode))));
  return texts.join('\n');
}

function packageFolder(file: string): string | null {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
  return match?.[1] === undefined ? null : join(ROOT, match[1]);
}

async function noticeOf(folder: string): Promise<string> {
  const json = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const files = (await readdir(folder)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return `${'='.repeat(78)}\n${json.name} ${json.version} (${json.license ?? 'licence below'})\n\n${texts.join('\n')}`;
}
