import { execa } from 'execa';
import { UdevMonitorParser } from '../../core/parse/udev-monitor.ts';
import type { DeviceEvent, DeviceEvents, DeviceWatch } from '../../ports/device-events.ts';
import type { Runner } from '../../ports/runner.ts';
import { NodeRunner, SEARCH_PATH } from './runner.ts';

/** How long udevadm may take to begin listening before we go on without knowing. */
const READY_MS = 3000;

/** Events from `udevadm monitor`: Node has no netlink, and udev's own word on a device comes only after its rules. */
export class NodeDeviceEvents implements DeviceEvents {
  private readonly runner: Runner;
  private readonly searchPath: string;

  constructor(runner: Runner = new NodeRunner(), searchPath: string = SEARCH_PATH) {
    this.runner = runner;
    this.searchPath = searchPath;
  }

  watch(onEvent: (event: DeviceEvent) => void, onEnd: (why: string) => void): DeviceWatch {
    const monitor = execa('udevadm', ['monitor', '--udev', '--subsystem-match=block', '--property'], {
      stdin: 'ignore',
      stderr: 'ignore',
      buffer: false,
      reject: false,
      extendEnv: false,
      env: { PATH: this.searchPath, LC_ALL: 'C' },
    });
    let ended = false;
    const listening = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, READY_MS);
      const listens = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const parser = new UdevMonitorParser();
      let heading = '';
      monitor.stdout?.setEncoding('utf8');
      monitor.stdout?.on('data', (text: string) => {
        // It says so after it has bound its socket: what happens from here on is heard.
        if (heading.length < 512) heading += text;
        if (heading.includes('UDEV')) listens();
        if (ended) return;
        for (const { action, device } of parser.push(text)) onEvent({ action: knownAction(action), device });
      });
      void monitor.then((result) => {
        listens();
        if (!ended)
          onEnd(`udevadm monitor ended: ${result.shortMessage ?? `status ${result.exitCode ?? '?'}`}`);
        ended = true;
      });
    });
    const end = (): void => {
      ended = true;
      monitor.kill();
    };
    return { listening, end };
  }

  async settle(timeoutMs: number): Promise<void> {
    const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
    await this.runner.run(['udevadm', 'settle', `--timeout=${seconds}`], { timeoutMs: timeoutMs + 2000 });
  }
}

function knownAction(action: string): DeviceEvent['action'] {
  return action === 'add' || action === 'change' || action === 'remove' ? action : 'other';
}
