import type { Lane, Machine, MachineOptions } from './machine.ts';
import { QemuMachine } from './qemu-machine.ts';
import { UserModeMachine } from './user-mode-machine.ts';

export function startMachine(lane: Lane, options: MachineOptions): Promise<Machine> {
  return lane === 'qemu' ? QemuMachine.start(options) : UserModeMachine.start(options);
}
