/** `1` to `9`: the choices of a question. */
export type Digit = '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';

/** Keys with a meaning at the countdown or a question; every other key is none. */
export type Key = 'escape' | 'd' | 'return' | 'y' | 'n' | Digit;
