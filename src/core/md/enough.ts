/** Levels whose members can be counted: linear, 0, 1, 4, 5, 6, 10. */
export const KNOWN_LEVELS: ReadonlySet<number> = new Set([-1, 0, 1, 4, 5, 6, 10]);

/**
 * Whether an array starts with these slots, as enough() of mdadm's util.c: raid4/5/6 that were not clean need every member. mdadm makes an
 * exception of a raid4 that lacks only its parity, whose data nothing else depends on; the kernel does not start that either (F19). An
 * unknown level never has enough.
 */
export function enough(
  level: number,
  layout: number,
  raidDevices: number,
  availableRoles: ReadonlySet<number>,
  clean: boolean,
): boolean {
  if (raidDevices < 1) return false;
  let available = 0;
  for (let role = 0; role < raidDevices; role++) if (availableRoles.has(role)) available++;
  const all = available === raidDevices;

  switch (level) {
    case -1:
    case 0:
      return all;
    case 1:
      return available >= 1;
    case 4:
    case 5:
      return clean ? available >= raidDevices - 1 : all;
    case 6:
      return clean ? available >= raidDevices - 2 : all;
    case 10:
      return enough10(layout, raidDevices, availableRoles);
    default:
      return false;
  }
}

/** Each run of near x far neighbours holds the copies of one chunk: one of them must be there. */
function enough10(layout: number, raidDevices: number, availableRoles: ReadonlySet<number>): boolean {
  const near = layout & 255;
  const copies = near * ((layout >> 8) & 255);
  let first = 0;
  do {
    let found = false;
    for (let i = 0; i < Math.min(copies, raidDevices) && !found; i++) {
      found = availableRoles.has((first + i) % raidDevices);
    }
    if (!found) return false;
    first = (first + near) % raidDevices;
  } while (first !== 0);
  return true;
}
