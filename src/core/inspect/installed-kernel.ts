/** A kernel that the boot loader may start. */
export interface InstalledKernel {
  /** As in `vmlinuz-6.1.0-9-amd64`: `6.1.0-9-amd64`. */
  readonly version: string;
  /** The boot loader starts it unless a person chooses another one. */
  readonly isDefault: boolean;
}

/** Major and minor number of a version; null where it has none. */
export function kernelRelease(version: string): readonly [major: number, minor: number] | null {
  const [, major = '', minor = ''] = /^(\d{1,4})\.(\d{1,4})/.exec(version) ?? [];
  return major === '' ? null : [Number(major), Number(minor)];
}

/** Newest first, numbers in them compared as numbers. */
export const byNewest = (a: string, b: string): number => b.localeCompare(a, 'en', { numeric: true });
