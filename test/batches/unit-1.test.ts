import { runUnitBatch } from './unit-batch.ts';

await runUnitBatch(0);
