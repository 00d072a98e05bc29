// node test/boot/guest/bases.ts
// The kernel for user-mode Linux and the base system of each platform, before programs that run beside each other each make their own.
import { baseImage } from './base.ts';
import { installHostPrograms } from './host-command.ts';
import { platforms } from './platforms.ts';
import { say } from './progress.ts';
import { userModeLinux } from './user-mode-linux.ts';

await installHostPrograms(say);
await Promise.all([userModeLinux(), ...platforms.map(({ suite }) => baseImage(suite))]);
