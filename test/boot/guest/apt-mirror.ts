// Where Debian packages come from: the mirror that the host's own apt uses.
import { runCommand } from './host-command.ts';

/**
 * The source line for a suite, or nothing: then mmdebstrap uses its own default, which is right for a host
 * that is not Debian itself. RELIABLE_RAID_MIRROR overrides both.
 */
export async function debianSource(suite: string): Promise<readonly string[]> {
  const mirror = process.env['RELIABLE_RAID_MIRROR'] ?? (await hostMirror());
  return mirror === undefined ? [] : [`deb ${mirror} ${suite} main`];
}

async function hostMirror(): Promise<string | undefined> {
  const format = '$(ORIGIN)|$(LABEL)|$(REPO_URI)';
  const { stdout } = await runCommand(['apt-get', 'indextargets', '--format', format]);
  return stdout
    .split('\n')
    .map((line) => line.split('|'))
    .find(([origin, label]) => origin === 'Debian' && label === 'Debian')?.[2];
}
