/** What every package is made of, beside the programs; each packaging says where a file of it goes. */
export const SOURCES: readonly string[] = [
  'hooks',
  'scripts',
  'dracut',
  'udev',
  'systemd',
  'man',
  'examples',
  'CHANGELOG.md',
  'docs/troubleshooting.md',
  'LICENSE',
];
