/**
 * Whether shadow(5) lets nobody log in as root by a password: sulogin(8) opens no shell then (util-linux, sulogin.c,
 * locked_account_password). False where root is not in it.
 */
export const isRootLocked = (shadow: string): boolean => /^root:[!*]/m.test(shadow);
