/** One block of `udevadm monitor --udev --property`: an event that udev has finished with. */
interface UdevEvent {
  readonly action: string;
  /** Kernel name: the last part of DEVPATH. */
  readonly device: string;
}

/** Longer lines are no property of a block device; they are dropped. */
const MAX_LINE = 65_536;

/** Text as it comes from the pipe in, events out: `KEY=VALUE` lines, an empty line ends an event. */
export class UdevMonitorParser {
  private rest = '';
  private action = '';
  private devicePath = '';

  push(text: string): readonly UdevEvent[] {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > MAX_LINE) this.rest = '';
    const events: UdevEvent[] = [];
    for (const line of lines) {
      if (line.startsWith('ACTION=')) this.action = line.slice('ACTION='.length);
      else if (line.startsWith('DEVPATH=')) this.devicePath = line.slice('DEVPATH='.length);
      else if (line.trim() === '') {
        const device = this.devicePath.slice(this.devicePath.lastIndexOf('/') + 1);
        if (device !== '') events.push({ action: this.action, device });
        this.action = '';
        this.devicePath = '';
      }
    }
    return events;
  }
}
