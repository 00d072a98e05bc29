import fc from 'fast-check';

const WORDS = [
  'MD_LEVEL=raid1\n',
  'MD_UUID=',
  'ARRAY',
  'UUID=',
  '"',
  "'",
  ' - ',
  '/',
  '\\040',
  '|',
  '\n',
  '\t',
  '#',
];

/** Pieces of what parsers look for, between any characters. */
const soup = fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8, unit: 'binary' })));

/** Fails when some text makes the parser throw. */
export const survivesAnyText = (parse: (text: string) => unknown): void =>
  fc.assert(
    fc.property(soup, (parts) => {
      parse(parts.join(''));
    }),
    { numRuns: 300 },
  );
