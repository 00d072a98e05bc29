import type { Files } from '../../ports/files.ts';

/** As many as the kernel follows (path_resolution(7)). */
const MAX_LINKS = 40;

/**
 * The same files, but where a path is below `root`, its links lead as they will once that folder is the root: an absolute one
 * never leaves it. `root` itself must be free of links.
 */
export function filesBelow(files: Files, root: string): Files {
  const inside = async (path: string): Promise<string> =>
    path.startsWith(`${root}/`) ? `${root}${await follow(files, root, path.slice(root.length))}` : path;
  return {
    readText: async (path, maxBytes) => files.readText(await inside(path), maxBytes),
    readTextOrReason: async (path, maxBytes) => files.readTextOrReason(await inside(path), maxBytes),
    readBytes: async (path, offset, length) => files.readBytes(await inside(path), offset, length),
    readFile: async (path, maxBytes) => files.readFile(await inside(path), maxBytes),
    list: async (path) => files.list(await inside(path)),
    readLink: (path) => files.readLink(path),
    realPath: async (path) => files.realPath(await inside(path)),
    exists: async (path) => files.exists(await inside(path)),
    deviceNumber: async (path) => files.deviceNumber(await inside(path)),
    writeDurably: (path, text) => files.writeDurably(path, text),
    writeValue: (path, text) => files.writeValue(path, text),
    makeFolder: (path) => files.makeFolder(path),
    createLink: (path, target) => files.createLink(path, target),
    remove: (path) => files.remove(path),
  };
}

/** A path of the root with every link followed inside it. Too many links lead to a path that cannot be there. */
async function follow(files: Files, root: string, path: string): Promise<string> {
  const left = path.split('/');
  let done: string[] = [];
  let links = 0;
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      done.pop();
      continue;
    }
    const here = [...done, name];
    const target = await files.readLink(`${root}/${here.join('/')}`);
    if (target === null) done = here;
    else {
      links += 1;
      if (links > MAX_LINKS) return '/too many links/';
      if (target.startsWith('/')) done = [];
      left.unshift(...target.split('/'));
    }
  }
  return `/${done.join('/')}`;
}
