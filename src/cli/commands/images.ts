import type { Command } from 'commander';
import { policiesOfImage } from '../../app/configuration/write-gate-policies.ts';
import { updateImage } from '../../app/image/update-image.ts';
import type { Machine } from '../../app/machine.ts';
import { readInstalledGenerator } from '../../app/read/installed-generator.ts';
import { resolve } from '../../app/watchlist/resolve.ts';
import { imageWatchlist } from '../../core/image/image-watchlist.ts';
import { ok } from '../../core/result/result.ts';
import { IMAGES } from '../command-table.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';
import { showUpdate } from './show-update.ts';

export function addImagesCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  register(program, IMAGES).action(async ({ auto }: { readonly auto: boolean }) => {
    const host = machine();
    const resolution = await resolve(host, { root: '/', fstab: null, resume: null, guessResume: true });
    const { configuration, watchlist: needed } = resolution;
    const setting = configuration.options.update_images;
    const generator = await readInstalledGenerator(host.files);
    const policies = await policiesOfImage(host);
    const watchlist = needed.ok ? ok(imageWatchlist(needed.value, generator, policies)) : needed;
    const findings = await updateImage(host, { setting, watchlist, dryRun: !auto });
    exit(showUpdate(findings, auto, generator, TERMINAL));
  });
}
