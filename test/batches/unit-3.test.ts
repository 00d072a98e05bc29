import { runUnitBatch } from './unit-batch.ts';

await runUnitBatch(import.meta.url);
