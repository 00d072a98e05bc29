import type { SlotState } from './superblock.ts';

/** As `mdadm --examine` prints "Array State": no holder is missing, two are a member and its replacement. */
export const slotStates = (slotHolders: readonly (readonly number[])[]): readonly SlotState[] =>
  slotHolders.map((holders) =>
    holders.length === 0 ? 'missing' : holders.length === 1 ? 'active' : 'replacing',
  );
