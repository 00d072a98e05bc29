import { formatKeptBoot, type KeptBoot, MAX_KEPT_BOOTS, saysTheSame } from '../../core/report/kept-boot.ts';
import type { Machine } from '../machine.ts';
import { isImage, keptBootsFolder, ledgerPlaces, writeInFolder } from '../own-places.ts';
import { keptFiles, readKeptBoot, readThisBoot } from './read-boots.ts';

/**
 * Keeps what this boot did for later boots to show, below /var/lib/reliable-raid, and removes the oldest. Nothing is written where nothing
 * is new. In a boot image, where nothing lasts, nothing is. What went wrong, or null.
 */
export async function keepBoot(machine: Pick<Machine, 'files' | 'paths'>): Promise<string | null> {
  if (await isImage(machine)) return null;
  const { files, paths } = machine;
  const found = await readThisBoot(machine, []);
  const before = await keptFiles(machine);
  const last = before.at(-1);
  const lastBoot = last === undefined ? null : await readKeptBoot(machine, last.path, []);
  const own = lastBoot?.bootId === found.bootId ? lastBoot : null;
  const boot = own === null ? found : carriedOn(own, found);
  if (own !== null && saysTheSame(own, boot)) return null;
  const number = own === null ? (last?.number ?? 0) + 1 : last?.number;
  const path = `${keptBootsFolder(ledgerPlaces(paths))}/${String(number).padStart(8, '0')}.json`;
  const why = await writeInFolder(files, path, formatKeptBoot(boot));
  if (why !== null) return `${path}: ${why}`;
  const kept = [...before.filter((file) => file.path !== path).map((file) => file.path), path];
  for (const old of kept.slice(0, -MAX_KEPT_BOOTS)) await files.remove(old);
  return null;
}

/** What was known of this boot stays known, and a clock that was set since does not move it. */
const carriedOn = (before: KeptBoot, now: KeptBoot): KeptBoot => ({
  ...now,
  bootedAtMs: before.bootedAtMs ?? now.bootedAtMs,
  reports: {
    image: now.reports.image ?? before.reports.image,
    others: now.reports.others ?? before.reports.others,
    byHand: now.reports.byHand ?? before.reports.byHand,
  },
});
