import { parseMdadmConf } from '../parse/mdadm-conf.ts';
import type { Watchlist } from './watchlist.ts';

/**
 * mdadm.conf for the image: without an ARRAY line or the host name, mdadm takes local arrays for foreign ones there and names
 * them md127. Adds what is missing and changes nothing else; volumes in containers stay mdadm's own affair.
 */
export function imageMdadmConf(text: string, watchlist: Watchlist): string {
  const { arrayUuids, homeHost } = parseMdadmConf(text);
  const added = watchlist.arrays
    .filter(({ uuid, container }) => container === null && !arrayUuids.has(uuid))
    .map(({ devicePath, uuid }) => `ARRAY ${devicePath} UUID=${uuid}`);
  let conf = text;
  if (watchlist.hostName !== '' && homeHost === '<system>')
    conf = conf.replace(/^([ \t]*hom[a-z]*[ \t]+)"?<system>"?/im, `$1${watchlist.hostName}`);
  else if (watchlist.hostName !== '' && homeHost === null) added.unshift(`HOMEHOST ${watchlist.hostName}`);
  if (added.length === 0) return conf;
  const before = conf === '' || conf.endsWith('\n') ? conf : `${conf}\n`;
  return `${before}# added by reliable-raid for this image\n${added.join('\n')}\n`;
}
