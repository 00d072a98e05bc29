import type { Files } from '../../ports/files.ts';

/** The node of a device by its kernel name. */
export const deviceNode = (dev: string, device: string): string => `${dev}/${device.replaceAll('!', '/')}`;

/** The kernel name of a device as it was typed: `/dev/sda1`, `sda1`, or a link below /dev; null for what cannot be one. */
export async function deviceName(files: Files, dev: string, typed: string): Promise<string | null> {
  const path = typed.startsWith('/') ? typed : deviceNode(dev, typed);
  const real = (await files.realPath(path)) ?? path;
  if (!real.startsWith(`${dev}/`)) return null;
  const name = real.slice(dev.length + 1).replaceAll('/', '!');
  return /^[^\s.]\S{0,127}$/.test(name) ? name : null;
}
