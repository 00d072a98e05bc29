/** Why Return opens no rescue shell (S10). */
export type ShellDenial =
  /** `shell = "deny"` in the configuration that the image carries. */
  | { readonly by: 'configuration' }
  /** As it was typed: escape it before a console. */
  | { readonly by: 'kernel-argument'; readonly argument: string }
  /** The engine was started in a shell. */
  | { readonly by: 'shell' }
  /** An image with systemd opens a shell for root's password only, and root is locked there. */
  | { readonly by: 'locked-root' }
  /** After the boot image: systemd counts on, and opens its own on the same consoles when a mount has failed. */
  | { readonly by: 'systemd' };

/** What denies it, as a person would type it. */
export function denialSource(denial: ShellDenial): string {
  switch (denial.by) {
    case 'configuration':
      return 'shell = "deny"';
    case 'kernel-argument':
      return denial.argument;
    case 'shell':
      return 'reliable-raid start';
    case 'locked-root':
      return 'root';
    case 'systemd':
      return 'systemd';
  }
}
