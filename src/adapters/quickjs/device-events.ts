import * as host from 'host';
import { UdevMonitorParser } from '../../core/parse/udev-monitor.ts';
import type { DeviceEvent, DeviceEvents, DeviceWatch } from '../../ports/device-events.ts';
import type { Runner } from '../../ports/runner.ts';
import type { EventLoop } from './event-loop.ts';
import { endedBySignal, SIGNAL } from './signals.ts';
import { ERROR, errorWords } from './system-error.ts';

const MONITOR = ['udevadm', 'monitor', '--udev', '--subsystem-match=block', '--property'];

/** How long udevadm may take to begin listening before we go on without knowing. */
const READY_MS = 3_000;

/** Events from `udevadm monitor`: udev's own word on a device comes only after its rules. */
export class QuickjsDeviceEvents implements DeviceEvents {
  private readonly loop: EventLoop;
  private readonly runner: Runner;
  private readonly searchPath: string;

  constructor(loop: EventLoop, runner: Runner, searchPath: string) {
    this.loop = loop;
    this.runner = runner;
    this.searchPath = searchPath;
  }

  watch(onEvent: (event: DeviceEvent) => void, onEnd: (why: string) => void): DeviceWatch {
    const monitor = this.startMonitor();
    if (typeof monitor === 'string') {
      onEnd(`udevadm monitor cannot be started: ${monitor}`);
      return { listening: Promise.resolve(), end: () => undefined };
    }
    const { pid, output } = monitor;
    let stopped = false;
    const listening = new Promise<void>((resolve) => {
      const cancel = this.loop.after(READY_MS, resolve);
      const listens = (): void => {
        cancel();
        resolve();
      };
      const parser = new UdevMonitorParser();
      let heading = '';
      this.loop.onReadable(output, () => {
        const chunk = host.read(output, 65_536);
        if (chunk === -ERROR.again) return;
        if (typeof chunk === 'number' || chunk.byteLength === 0) {
          this.loop.onReadable(output, null);
          host.close(output);
          return;
        }
        const text = host.decodeUtf8(chunk, 0, chunk.byteLength);
        // It says so after it has bound its socket: what happens from here on is heard.
        if (heading.length < 512) heading += text;
        if (heading.includes('UDEV')) listens();
        if (stopped) return;
        for (const { action, device } of parser.push(text)) onEvent({ action: knownAction(action), device });
      });
      this.loop.onExit(pid, (status) => {
        listens();
        if (!stopped) onEnd(`udevadm monitor ended: ${endedBySignal(status) ?? `status ${status}`}`);
        stopped = true;
      });
    });
    const end = (): void => {
      if (!stopped) host.kill(-pid, SIGNAL.terminate);
      stopped = true;
    };
    return { listening, end };
  }

  async settle(timeoutMs: number): Promise<void> {
    const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
    await this.runner.run(['udevadm', 'settle', `--timeout=${seconds}`], { timeoutMs: timeoutMs + 2000 });
  }

  private startMonitor(): { readonly pid: number; readonly output: number } | string {
    const pipe = host.pipe();
    if (typeof pipe === 'number') return errorWords(pipe);
    const [output, toWrite] = pipe;
    const nothing = host.openToRead('/dev/null');
    const environment = [`PATH=${this.searchPath}`, 'LC_ALL=C'];
    const pid = host.spawn(MONITOR, environment, nothing, toWrite, nothing, SIGNAL.kill);
    for (const fd of pid < 0 ? [output, toWrite, nothing] : [toWrite, nothing]) host.close(fd);
    return pid < 0 ? errorWords(pid) : { pid, output };
  }
}

function knownAction(action: string): DeviceEvent['action'] {
  return action === 'add' || action === 'change' || action === 'remove' ? action : 'other';
}
