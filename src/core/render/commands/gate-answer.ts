import type { GateAnswer } from '../../rejoin/gate.ts';

/** No quote, no `$`, no `%`, no backslash and no control character: nothing that a rule, a shell or a parser expands. */
const NOT_PLAIN = /[^A-Za-z0-9 .,:;()/+_=!-]/g;
const MAX_LENGTH = 200;

/** The gate's answer: a line for people, or the properties that IMPORT{program} of a udev rule reads. */
export function renderGate({ gate, why }: GateAnswer, asProperties: boolean): string {
  const plain = why.replace(NOT_PLAIN, '_').slice(0, MAX_LENGTH);
  return asProperties ? `RELIABLE_RAID_GATE=${gate}\nRELIABLE_RAID_WHY="${plain}"` : `${gate}: ${plain}`;
}
