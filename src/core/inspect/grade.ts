/**
 * What a finding means for the boot. `stop`: it ends there. `unknown`: nobody can tell from here, so nothing is promised. `note`: the
 * boot goes on, and a person may want to know.
 */
export type Grade = 'stop' | 'unknown' | 'note';
