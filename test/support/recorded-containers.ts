import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMdadmDetailExport } from '../../src/core/parse/mdadm-detail-export.ts';
import { parseMdadmExamine } from '../../src/core/parse/mdadm-examine.ts';
import type { ExternalMember } from '../../src/core/snapshot/snapshot.ts';

// Members of IMSM and DDF containers, as mdadm examined real ones (test/fixtures/record/containers.ts).

const RECORDED = join(import.meta.dirname, '../fixtures/recorded');

export const CONTAINER_SUITES: readonly string[] = readdirSync(RECORDED).filter((name) =>
  name.startsWith('containers-'),
);

/** What one suite has recorded: the text of a file, the examined members of a case, the UUID of its volume. */
export function recordedContainers(suite: string) {
  const read = (name: string): string => readFileSync(join(RECORDED, suite, name), 'utf8');
  const examine = (name: string, disk: string) =>
    parseMdadmExamine(read(`${name}.${disk}.txt`), read(`${name}.${disk}.brief`));
  const members = (name: string, ...disks: readonly string[]): readonly ExternalMember[] =>
    disks.map((disk) => {
      const examined = examine(name, disk);
      if (!examined.ok) throw new Error(`${name} ${disk}: ${examined.at}: ${examined.why}`);
      return { device: `ubd${disk}`, examined: examined.value };
    });
  const volumeUuid = (name: string) => {
    const details = parseMdadmDetailExport(read(`${name}.volume`));
    if (!details.ok || details.value[0] === undefined) throw new Error(`${name}: no volume`);
    return details.value[0].uuid;
  };
  return { read, members, volumeUuid };
}
