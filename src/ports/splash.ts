/** What stands on the virtual terminal in its place. */
export type SplashCover =
  /** A picture: what is written to the terminal is not seen. */
  | 'picture'
  /** The lines of the boot, passed on. */
  | 'text';

/** A boot splash (plymouth) that has the virtual terminal, and takes what is typed there. None throws, and only what hands the keys or the terminal on waits long for one that is busy. */
export interface Splash {
  /** Null where none runs. */
  look(): Promise<SplashCover | null>;
  /** In the place of what was shown before: a few short lines of ASCII, or none. */
  show(lines: readonly string[]): Promise<void>;
  /** Hands on what is typed, as a terminal gives it: only keys that mean something to the boot. Until `ignoreKeys`. */
  watchKeys(onInput: (bytes: Uint8Array) => void): Promise<void>;
  ignoreKeys(): Promise<void>;
  /** Leaves terminal and keyboard to this program. */
  giveWay(): Promise<void>;
  /** Takes them again. */
  comeBack(): Promise<void>;
}

/** Where no splash can be. */
export const NO_SPLASH: Splash = {
  look: async () => null,
  show: async () => undefined,
  watchKeys: async () => undefined,
  ignoreKeys: async () => undefined,
  giveWay: async () => undefined,
  comeBack: async () => undefined,
};
