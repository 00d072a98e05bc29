import type { Digit, Key } from './key.ts';

/**
 * Bytes from a terminal in, the keys of the countdown and of a question out.
 *
 * The Esc key sends the byte that also begins every arrow, function and Alt key, so that a lone Esc is known only by what
 * does not follow: nothing within `ESCAPE_PAUSE_MS`. Arrow keys come in one burst, even at 1200 baud a byte takes 8 ms.
 * A wrong answer here starts an array degraded or opens a shell, so whole sequences are swallowed, including the ones whose
 * end looks like a key: F4 of the Linux console is `ESC [ [ D`, and a terminal that was asked for its colours answers with
 * `ESC ] 11;rgb:1d1d/...`. Main test: test/unit/keys/key-scanner.test.ts.
 */
export class KeyScanner {
  private state: State = 'idle';
  private lastAtMs = 0;
  private afterReturn = false;

  /** Keys that these bytes complete; `atMs` is when they were read. */
  feed(bytes: Uint8Array, atMs: number): readonly Key[] {
    const keys: Key[] = [...this.flush(atMs)];
    for (const byte of bytes) {
      const key = this.take(byte, atMs);
      if (key !== null) keys.push(key);
    }
    return keys;
  }

  /** What the silence up to `atMs` means: a lone Esc is a key, any other unfinished sequence is nothing. */
  flush(atMs: number): readonly Key[] {
    if (atMs < this.lastAtMs + ESCAPE_PAUSE_MS) return [];
    const lone = this.state === 'escape';
    this.state = 'idle';
    this.afterReturn = false;
    return lone ? ['escape'] : [];
  }

  /** When `flush` has to be called if no byte comes before; null when nothing is pending. */
  pendingUntilMs(): number | null {
    return this.state === 'idle' ? null : this.lastAtMs + ESCAPE_PAUSE_MS;
  }

  private take(byte: number, atMs: number): Key | null {
    this.lastAtMs = atMs;
    const afterReturn = this.afterReturn;
    this.afterReturn = false;
    switch (this.state) {
      case 'idle':
        this.afterReturn = byte === RETURN;
        // A terminal that sends both for one key press has pressed one key.
        return byte === LINE_FEED && afterReturn ? null : this.begin(byte);
      case 'escape':
      case 'string-end':
        this.state = afterEscape(byte);
        return null;
      case 'csi-start':
        if (byte === 0x5b) return this.become('one-more');
        return this.inCsi(byte);
      case 'csi':
        return this.inCsi(byte);
      case 'ss3':
        if ((byte >= 0x30 && byte <= 0x39) || byte === 0x3b) return null;
        return this.become(byte === ESC ? 'escape' : 'idle');
      case 'one-more':
        return this.become(byte === ESC ? 'escape' : 'idle');
      case 'string':
        if (byte === ESC) return this.become('string-end');
        return byte === 0x07 || byte === 0x9c ? this.become('idle') : null;
    }
  }

  private begin(byte: number): Key | null {
    switch (byte) {
      case ESC:
        return this.become('escape');
      case 0x9b:
        return this.become('csi-start');
      case 0x8f:
        return this.become('ss3');
      case 0x64:
      case 0x44:
        return 'd';
      case 0x79:
      case 0x59:
        return 'y';
      case 0x6e:
      case 0x4e:
        return 'n';
      case RETURN:
      case LINE_FEED:
        return 'return';
      default:
        return DIGITS[byte - 0x31] ?? null;
    }
  }

  private inCsi(byte: number): null {
    if (byte >= 0x20 && byte <= 0x3f) return this.become('csi');
    return this.become(byte === ESC ? 'escape' : 'idle');
  }

  private become(state: State): null {
    this.state = state;
    return null;
  }
}

/** How long nothing may follow an Esc for it to be the key. */
export const ESCAPE_PAUSE_MS = 100;

const DIGITS: readonly Digit[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
const ESC = 0x1b;
const RETURN = 0x0d;
const LINE_FEED = 0x0a;

/** Where in a sequence (ECMA-48) the scanner stands. `one-more` swallows the last byte of `ESC [ [ A`. */
type State = 'idle' | 'escape' | 'csi-start' | 'csi' | 'ss3' | 'one-more' | 'string' | 'string-end';

function afterEscape(byte: number): State {
  switch (byte) {
    case 0x5b:
      return 'csi-start';
    case 0x4f:
      return 'ss3';
    // DCS, SOS, OSC, PM and APC: text up to ST or BEL.
    case 0x50:
    case 0x58:
    case 0x5d:
    case 0x5e:
    case 0x5f:
      return 'string';
    // Esc held down, or Alt with an arrow key: what follows decides.
    case ESC:
      return 'escape';
    default:
      return 'idle';
  }
}
