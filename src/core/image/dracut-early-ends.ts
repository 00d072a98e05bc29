import { lastValue } from '../parse/kernel-cmdline.ts';
import { deviceTimeout, timeoutMs } from '../parse/systemd-time.ts';
import type { EarlyEnd, EarlyEndSources } from './early-end.ts';

/**
 * What ends the boot of an image that dracut made, where systemd waits for devices in it. `rd.retry=` is none: our condition holds dracut's
 * loop. Nor are the options of root's line in fstab: dracut sets its own time-out for that device, and the image reads no fstab before
 * root is there.
 */
export const dracutEarlyEnds = ({
  cmdline,
  crypttab,
  crypttabAt,
  dropIns,
}: EarlyEndSources): readonly EarlyEnd[] => [
  ...earlyEnd(lastValue(cmdline, 'rd.timeout'), (text) => `rd.timeout=${text} on the kernel command line`),
  ...crypttab.flatMap(({ target, options, line }) =>
    earlyEnd(
      deviceTimeout(options),
      (text) => `x-systemd.device-timeout=${text} of ${target} (${crypttabAt}:${line})`,
    ),
  ),
  ...dropIns.flatMap(({ path, text }) => shortest(endsOf(path, text))),
];

function earlyEnd(text: string | null, what: (text: string) => string): readonly EarlyEnd[] {
  const afterMs = text === null ? null : timeoutMs(text);
  if (text === null || afterMs === null || afterMs === Number.POSITIVE_INFINITY) return [];
  return [{ what: what(text), afterMs }];
}

function endsOf(path: string, text: string): readonly EarlyEnd[] {
  const settings = [...text.matchAll(/^[ \t]*(Job(?:Running)?TimeoutSec)[ \t]*=[ \t]*(.*?)[ \t]*$/gm)];
  return settings.flatMap(([, name, value = '']) =>
    earlyEnd(value, () => `${name}=${value} of the image's ${path}`),
  );
}

/** One of a file is enough to say. */
const shortest = (ends: readonly EarlyEnd[]): readonly EarlyEnd[] =>
  [...ends].sort((a, b) => a.afterMs - b.afterMs).slice(0, 1);
