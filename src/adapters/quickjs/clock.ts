import type { Clock } from '../../ports/clock.ts';
import type { EventLoop } from './event-loop.ts';

/** CLOCK_MONOTONIC, which starts with the kernel as /proc/uptime does (they part only when a machine is suspended). */
export const quickjsClock = (loop: EventLoop): Clock => ({
  nowMs: () => loop.nowMs(),
  after: (delayMs, call) => loop.after(delayMs, call),
});
