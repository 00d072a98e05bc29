// Writes md superblocks from the description of the format in the kernel's md_p.h, field by field.

export interface SuperblockFields {
  readonly arrayUuidBytes: readonly number[];
  readonly deviceUuidBytes: readonly number[];
  readonly name: string;
  readonly level: number;
  readonly layout: number;
  readonly raidDevices: number;
  readonly number: number;
  /** Role of each device number: a slot, 0xffff spare, 0xfffe faulty, 0xfffd journal. */
  readonly roles: readonly number[];
  readonly events: number;
  readonly updateSeconds: number;
  readonly clean: boolean;
  readonly features: number;
  readonly recoveryOffset: number;
  readonly deltaDisks: number;
  /** What Linux 6.19 and later write; 0: as before. */
  readonly logicalBlockBytes: number;
}

export const UUID_BYTES = [0x73, 0x4f, 0x71, 0xcb, 0x0c, 0x80, 0x0a, 0x0c, 1, 2, 3, 4, 5, 6, 7, 8];

export const FIELDS: SuperblockFields = {
  arrayUuidBytes: UUID_BYTES,
  deviceUuidBytes: [9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  name: 'host:root',
  level: 1,
  layout: 0,
  raidDevices: 2,
  number: 0,
  roles: [0, 1],
  events: 42,
  updateSeconds: 1_700_000_000,
  clean: true,
  features: 0,
  recoveryOffset: 0,
  deltaDisks: 0,
  logicalBlockBytes: 0,
};

function setU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % 2 ** 32, true);
  view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}

/** Metadata 1.x; `superSector` is where it will lie, `dataSectors` how much data it claims. */
export function encode1(
  fields: Partial<SuperblockFields>,
  superSector: number,
  dataSectors = 1024,
): Uint8Array {
  const f = { ...FIELDS, ...fields };
  const bytes = new Uint8Array(4096);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xa92b4efc, true);
  view.setUint32(4, 1, true);
  view.setUint32(8, f.features, true);
  bytes.set(f.arrayUuidBytes, 16);
  for (let i = 0; i < Math.min(32, f.name.length); i++) bytes[32 + i] = f.name.charCodeAt(i);
  view.setInt32(72, f.level, true);
  view.setInt32(76, f.layout, true);
  view.setUint32(88, 1024, true);
  view.setUint32(92, f.raidDevices, true);
  view.setInt32(112, f.deltaDisks, true);
  setU64(view, 128, superSector > 100 ? 0 : 2048);
  setU64(view, 136, dataSectors);
  setU64(view, 144, superSector);
  setU64(view, 152, f.recoveryOffset);
  view.setUint32(160, f.number, true);
  bytes.set(f.deviceUuidBytes, 168);
  setU64(view, 192, f.updateSeconds);
  setU64(view, 200, f.events);
  if (f.clean) bytes.fill(0xff, 208, 216);
  view.setUint32(220, f.roles.length, true);
  view.setUint32(224, f.logicalBlockBytes, true);
  f.roles.forEach((role, number) => {
    view.setUint16(256 + number * 2, role, true);
  });
  let sum = 0n;
  const end = 256 + f.roles.length * 2;
  for (let at = 0; at + 4 <= end; at += 4) sum += BigInt(view.getUint32(at, true));
  if (end % 4 === 2) sum += BigInt(view.getUint16(end - 2, true));
  view.setUint32(216, Number(((sum & 0xffffffffn) + (sum >> 32n)) & 0xffffffffn), true);
  return bytes;
}

const FAULTY = 1;
const IN_SYNC = 2 + 4;
const REMOVED = 8;

/** Metadata 0.90 in either byte order. `roles` as above, a number beyond its slots being a spare. */
export function encode0(fields: Partial<SuperblockFields>, little = true): Uint8Array {
  const f = { ...FIELDS, ...fields };
  const bytes = new Uint8Array(4096);
  const view = new DataView(bytes.buffer);
  const set = (word: number, value: number) => view.setUint32(word * 4, value, little);
  set(0, 0xa92b4efc);
  set(2, f.features === 4 ? 91 : 90);
  const uuid = new DataView(Uint8Array.from(f.arrayUuidBytes).buffer);
  [5, 13, 14, 15].forEach((word, i) => {
    set(word, uuid.getUint32(i * 4, false));
  });
  set(7, f.level >>> 0);
  set(10, f.raidDevices);
  set(11, 3);
  set(32, f.updateSeconds);
  set(33, f.clean ? 1 : 0);
  set(little ? 39 : 40, f.events % 2 ** 32);
  set(little ? 40 : 39, Math.floor(f.events / 2 ** 32));
  set(44, f.features === 4 ? 1000 : 0xffffffff);
  set(45, f.features === 4 ? 0 : 0xffffffff);
  set(64, f.layout);
  set(65, 65_536);
  for (let number = 0; number < 27; number++) {
    const role = f.roles[number];
    const at = 128 + number * 32;
    set(at, number);
    set(at + 3, role !== undefined && role < f.raidDevices ? role : number);
    if (role === undefined) set(at + 4, number < f.raidDevices ? FAULTY | REMOVED : 0);
    else set(at + 4, role < f.raidDevices ? IN_SYNC : role === 0xfffe ? FAULTY : 0);
  }
  bytes.copyWithin(992 * 4, (128 + f.number * 32) * 4, (128 + f.number * 32 + 32) * 4);
  let sum = 0n;
  for (let word = 0; word < 1024; word++) sum += BigInt(view.getUint32(word * 4, little));
  set(38, Number(((sum & 0xffffffffn) + (sum >> 32n)) & 0xffffffffn));
  return bytes;
}
