import type { Command } from 'commander';
import { keepMounted } from '../../app/after-boot/record-mounted.ts';
import { updateImage } from '../../app/image/update-image.ts';
import { readListNow } from '../../app/inspect/status.ts';
import type { Machine } from '../../app/machine.ts';
import { markNextBootRisk } from '../../app/notices/next-boot-at-risk.ts';
import { readInstalledGenerator } from '../../app/read/installed-generator.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
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
    const listNow = await readListNow(host);
    const { configuration, watchlist, block } = listNow;
    const unkept = auto ? await keepMounted(host, { configuration, block }) : null;
    if (unkept !== null) TERMINAL.err(`reliable-raid: ${escapeForConsole(unkept, 300)}`);
    const setting = configuration.options.update_images;
    const lookAgain = async () => (await readListNow(host)).watchlist;
    const findings = await updateImage(host, { setting, watchlist, lookAgain, dryRun: !auto });
    if (auto) await markNextBootRisk(host, listNow);
    exit(showUpdate(findings, auto, await readInstalledGenerator(host.files), TERMINAL));
  });
}
