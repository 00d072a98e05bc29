/**
 * JSON, indented by one, of ASCII alone: in a file that somebody shows on a terminal, U+009B or a right-to-left override from
 * a disk's name would act as if it were raw. JSON's own escapes leave those.
 */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value, null, 1).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
