// EFI variables as efivarfs shows them, by the UEFI specification: attributes first.

const ATTRIBUTES = [7, 0, 0, 0];
const utf16 = (text: string): number[] =>
  [...`${text}\0`].flatMap((letter) => [letter.charCodeAt(0) & 0xff, letter.charCodeAt(0) >> 8]);
const u16 = (value: number): number[] => [value & 0xff, value >> 8];

/** A GUID as it lies in memory: its first three groups turned round. */
function guidBytes(guid: string): number[] {
  const bytes = (guid.replaceAll('-', '').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  const [a, b, c] = [bytes.slice(0, 4), bytes.slice(4, 6), bytes.slice(6, 8)];
  return [...a.reverse(), ...b.reverse(), ...c.reverse(), ...bytes.slice(8)];
}

export const node = (type: number, subtype: number, data: readonly number[]): number[] => [
  type,
  subtype,
  ...u16(data.length + 4),
  ...data,
];

/** Partition number, start and size, signature, GPT, GUID. */
export const gptNode = (guid: string): number[] =>
  node(4, 1, [1, 0, 0, 0, ...new Array<number>(16).fill(0), ...guidBytes(guid), 2, 2]);

export const mbrNode = (number: number, signature: readonly number[]): number[] =>
  node(4, 1, [
    number,
    0,
    0,
    0,
    ...new Array<number>(16).fill(0),
    ...signature,
    ...new Array<number>(12).fill(0),
    1,
    1,
  ]);

export const fileNode = (path: string): number[] => node(4, 4, utf16(path));

export function bootOption(description: string, path: readonly number[], isActive = true): Uint8Array {
  const whole = [...path, 0x7f, 0xff, 4, 0];
  return Uint8Array.from([
    ...ATTRIBUTES,
    ...[isActive ? 1 : 0, 0, 0, 0],
    ...u16(whole.length),
    ...utf16(description),
    ...whole,
  ]);
}

export const bootOrder = (numbers: readonly number[]): Uint8Array =>
  Uint8Array.from([...ATTRIBUTES, ...numbers.flatMap(u16)]);
