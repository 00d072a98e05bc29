import type { KeptBoot } from '../../src/core/report/kept-boot.ts';
import type { Report } from '../../src/core/report/report-file.ts';
import type { TimelineEntry } from '../../src/core/report/timeline.ts';
import { NOW_MS, ROOT } from './status-machines.ts';

/** A boot whose image has said this. */
export const keptBoot = (image: Report | null, more: Partial<KeptBoot> = {}): KeptBoot => ({
  bootId: '0b1ff5a6-0000-4000-8000-000000000001',
  bootedAtMs: NOW_MS - 3_600_000,
  reports: { image, others: null, byHand: null },
  isWhole: true,
  cutEntries: 0,
  ...more,
});

export const reportOf = (timeline: readonly TimelineEntry[], more: Partial<Report> = {}): Report => ({
  discoveryAtMs: 2000,
  outcome: 'up',
  engine: null,
  arrays: [{ uuid: ROOT, name: 'root' }],
  timeline,
  ...more,
});
