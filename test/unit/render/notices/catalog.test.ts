import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { HEALED_MESSAGE_ID, MESSAGE_IDS, TEST_MESSAGE_ID } from '../../../../src/core/notices/message-ids.ts';
import { renderCatalog } from '../../../../src/core/render/notices/catalog.ts';
import { renderJournalEntry } from '../../../../src/core/render/notices/journal-entry.ts';
import { ROOT } from '../../../../tools/project.ts';
import { fault } from '../../../support/notice-events.ts';

test('the file is what the table says', async (t) => {
  t.equal(readFileSync(join(ROOT, 'systemd/reliable-raid.catalog'), 'utf8'), renderCatalog());
});

test('every message has an entry of its own, with fields that the journal has', async (t) => {
  const ids = [...Object.values(MESSAGE_IDS), TEST_MESSAGE_ID, HEALED_MESSAGE_ID];
  t.equal(new Set(ids).size, ids.length);
  const catalog = renderCatalog();
  for (const id of ids) {
    t.match(id, /^[0-9a-f]{32}$/);
    t.equal(catalog.split(`-- ${id}\n`).length, 2, id);
  }
  const entry = renderJournalEntry({ event: fault('degraded'), how: 'new' });
  for (const [, name] of catalog.matchAll(/@([A-Z_]+)@/g)) t.match(entry, new RegExp(`^${name}=`, 'm'));
});
