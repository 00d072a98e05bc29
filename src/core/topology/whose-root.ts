import type { Mount } from '../parse/mountinfo.ts';

/**
 * Whose system our root is. `running`: the one that this kernel booted. `chroot`: another one, whose own file system is mounted as
 * our root. `folder`: another one in a folder of a file system of the running one, so that what is mounted is the running one's.
 */
export type WhoseRoot = 'running' | 'chroot' | 'folder';

/** By the mounts as we and as process 1 see them; each list may be empty where nobody tells. */
export function whoseRoot(own: readonly Mount[], ofInit: readonly Mount[]): WhoseRoot {
  const root = own.find(({ mountPoint }) => mountPoint === '/');
  const rootOfInit = ofInit.find(({ mountPoint }) => mountPoint === '/');
  // A chroot into a folder that is no mount of its own has none.
  if (root === undefined) return own.length > 0 ? 'folder' : 'running';
  if (rootOfInit === undefined) return 'running';
  if (root.device === rootOfInit.device)
    return root.rootInFs === rootOfInit.rootInFs
      ? 'running'
      : isSubvolume(root, rootOfInit)
        ? 'chroot'
        : 'folder';
  return root.rootInFs === '/' || root.fsType === 'btrfs' ? 'chroot' : 'folder';
}

/** Another subvolume of the same btrfs at its top, such as `/@new` beside `/@`: a system of its own, not a folder of the other. */
const isSubvolume = (root: Mount, rootOfInit: Mount): boolean =>
  root.fsType === 'btrfs' &&
  !root.rootInFs.startsWith(rootOfInit.rootInFs === '/' ? '/' : `${rootOfInit.rootInFs}/`);

/** The first process namespace of a kernel has this number (PROC_PID_INIT_INO, include/linux/proc_ns.h). */
const INITIAL_PID_NAMESPACE = 'pid:[4026531836]';

/** `link` is where /proc/self/ns/pid leads; null where nobody tells. */
export const isInitialNamespace = (link: string | null): boolean =>
  link === null || link === INITIAL_PID_NAMESPACE;
