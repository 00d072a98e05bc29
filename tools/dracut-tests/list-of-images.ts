/**
 * The list of the arrays on disk images, as mdadm names them.
 *   node tools/dracut-tests/list-of-images.ts IMAGES-FOLDER TREE-OF-THE-BOOT-IMAGE
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatArrayLines } from '../../src/core/image/array-lines.ts';
import { DRACUT } from '../../src/core/image/generator.ts';
import { imageMdadmConf } from '../../src/core/image/mdadm-conf.ts';
import { narrowedFiles } from '../../src/core/image/narrowed-files.ts';
import { parseMdUuid } from '../../src/core/md/md-uuid.ts';
import {
  DEFAULT_SETTINGS,
  WATCHLIST_SCHEMA,
  type WatchedArray,
  type Watchlist,
} from '../../src/core/watchlist/watchlist.ts';
import { formatWatchlist } from '../../src/core/watchlist/watchlist-file.ts';

/** Of what `mdadm --examine --export` prints for each member. */
export function listOfMembers(members: readonly string[], waitMs: number): Watchlist {
  const arrays = new Map<string, WatchedArray>();
  for (const text of members) {
    const field = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';
    const uuid = parseMdUuid(field('MD_UUID'));
    const metadata = (['0.90', '1.0', '1.1', '1.2'] as const).find((one) => one === field('MD_METADATA'));
    if (!uuid.ok || metadata === undefined || arrays.has(uuid.value)) continue;
    arrays.set(uuid.value, {
      ...{
        uuid: uuid.value,
        name: field('MD_NAME').replace(/^.*:/, '') || uuid.value,
        devicePath: '/dev/md0',
      },
      ...{
        level: Number(field('MD_LEVEL').replace('raid', '')),
        layout: 0,
        raidDevices: Number(field('MD_DEVICES')),
      },
      ...{ metadata, container: null, layer: 0, neededBy: ['/'], standsOn: [], behindPassphrase: false },
      ...{ waitMs, degraded: 'start', members: [] },
    });
  }
  const rest = { hostName: '', settings: DEFAULT_SETTINGS, tree: [], warnings: [], rebuild: DRACUT.rebuild };
  return { ...rest, schema: WATCHLIST_SCHEMA, arrays: [...arrays.values()] };
}

function examine(path: string): string {
  try {
    return execFileSync('mdadm', ['--examine', '--export', path], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

if (import.meta.main) {
  const [images = '', tree = ''] = process.argv.slice(2);
  const disks = readdirSync(images).filter((name) => name.endsWith('.img'));
  const list = listOfMembers(
    disks.map((name) => examine(join(images, name))),
    5_000,
  );
  if (list.arrays.length > 0) {
    const conf = await readFile(join(tree, DRACUT.mdadmConf), 'utf8').catch(() => '');
    const texts: readonly (readonly [path: string, text: string])[] = [
      [DRACUT.mdadmConf, imageMdadmConf(conf, list).text],
      ['etc/reliable-raid/watchlist.json', formatWatchlist(list)],
      ...narrowedFiles(DRACUT.narrowed, list),
      ['etc/reliable-raid/arrays', formatArrayLines(list)],
    ];
    for (const [path, text] of texts) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), text);
    }
  }
}
