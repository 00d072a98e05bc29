/** md's word for a level number. */
export function levelName(level: number): string {
  return level === -1 ? 'linear' : `raid${level}`;
}
