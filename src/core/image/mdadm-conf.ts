import { type ArrayLine, type MdadmConf, parseMdadmConf } from '../parse/mdadm-conf.ts';
import type { WatchedArray, Watchlist } from '../watchlist/watchlist.ts';

/**
 * mdadm.conf for the image: without an ARRAY line, mdadm takes local arrays for foreign ones there and names them md127. Adds
 * what is missing and changes nothing else; volumes in containers stay mdadm's own affair. The host name is left out on purpose
 * (docs/adr/0010): with it, an array of an earlier installation could take root's name.
 */
export function imageMdadmConf(
  text: string,
  { arrays }: Pick<Watchlist, 'arrays'>,
): { readonly text: string; readonly warnings: readonly string[] } {
  const conf = parseMdadmConf(text);
  const added = arrays
    .filter((array) => array.container === null && !isKnown(array, conf))
    .map((array) => lineFor(array, conf));
  const ignored = arrays.filter(({ uuid }) =>
    conf.arrays.some((line) => line.uuid === uuid && line.devName === '<ignore>'),
  );
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return {
    text:
      added.length === 0 ? text : `${before}# added by reliable-raid for this image\n${added.join('\n')}\n`,
    warnings: ignored.map(
      ({ uuid }) => `mdadm.conf tells mdadm to ignore array ${uuid}, which is needed to boot`,
    ),
  };
}

/** A line of its own knows it. Two lines that match one array make mdadm refuse it (config.c, conf_match). */
const isKnown = (array: WatchedArray, { arrays }: MdadmConf): boolean =>
  arrays.some((line) => line.uuid === array.uuid || (line.uuid === null && mayMean(line, array)));

const mayMean = ({ name, byDevices }: ArrayLine, array: WatchedArray): boolean =>
  byDevices || (name !== null && withoutHost(name) === withoutHost(array.name));

const withoutHost = (name: string): string => name.replace(/^[^:]*:/, '').toLowerCase();

/** Two lines of one device name stop every assembly (config.c, conf_verify_devnames): a name that is taken is left out. */
function lineFor({ devicePath, uuid }: WatchedArray, { arrays }: MdadmConf): string {
  const isTaken = arrays.some(
    ({ devName }) => devName !== null && shortName(devName) === shortName(devicePath),
  );
  return isTaken ? `ARRAY UUID=${uuid}` : `ARRAY ${devicePath} UUID=${uuid}`;
}

/** `/dev/md0`, `/dev/md/0` and `0` are one name. */
const shortName = (path: string): string => path.replace(/^\/dev\/(?:md\/)?/, '').replace(/^md(?=\d)/, '');
