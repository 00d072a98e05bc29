/** What systemd waits for, of these, ends its hold on the boot: no login, or no service, before that. */
const BOOT_TARGETS = new Set(['sysinit.target', 'local-fs.target', 'remote-fs.target']);

/**
 * Whether the boot waits and a device is what it may wait for, by `systemctl list-jobs --plain --no-legend`: `ID UNIT TYPE STATE`. A device
 * of a line with `nofail` has a job as well, but no target waits for its mount (systemd.mount(5)).
 */
export function isBootHeld(text: string): boolean {
  const starts = text.split('\n').flatMap((line) => {
    const [, unit = '', type, state] = line.trim().split(/\s+/);
    return type === 'start' ? [{ unit, state }] : [];
  });
  const waits = starts.some(({ unit, state }) => state === 'waiting' && BOOT_TARGETS.has(unit));
  return waits && starts.some(({ unit, state }) => state === 'running' && unit.endsWith('.device'));
}
