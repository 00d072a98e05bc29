import { test } from 'tap';
import { readShape, type Shape } from '../../../src/core/parse/json-reader.ts';

const read = <T>(json: string, reader: (shape: Shape) => T) => {
  const result = readShape(json, 'x', reader);
  return result.ok ? result.value : `${result.at}: ${result.why}`;
};

test('each reader takes its own kind, and names the place of any other', async (t) => {
  const cases: readonly [json: string, reader: (shape: Shape) => unknown, found: unknown][] = [
    ['{"a":{"b":3}}', (top) => top.field('a').field('b').integer(0, 3), 3],
    ['{"a":{"b":4}}', (top) => top.field('a').field('b').integer(0, 3), /^x: a\.b: must be from 0 to 3/],
    ['{"a":-1}', (top) => top.field('a').integer(0, 3), /^x: a: must be from/],
    ['{"a":0.5}', (top) => top.field('a').integer(0, 3), /whole number/],
    ['{"a":"1"}', (top) => top.field('a').integer(0, 3), /whole number/],
    ['{"a":9007199254740993}', (top) => top.field('a').integer(0, Number.MAX_VALUE), /whole number/],
    ['{}', (top) => top.field('a').text(3), /^x: a: must be a string/],
    ['{"a":"abc"}', (top) => top.field('a').text(3), 'abc'],
    ['{"a":"abcd"}', (top) => top.field('a').text(3), /longer than 3/],
    ['{"a":"aBc"}', (top) => top.field('a').text(3, /^[a-z]*$/), /not allowed/],
    ['[1,"x"]', (top) => top.list(2, (item) => item.integer(0, 9)), /^x: \[1\]: /],
    ['[1,2]', (top) => top.list(2, (item) => item.integer(0, 9)), [1, 2]],
    ['[1,2,3]', (top) => top.list(2, (item) => item.integer(0, 9)), /3 entries/],
    ['{"length":0}', (top) => top.list(2, (item) => item.raw()), /must be a list/],
    ['[]', (top) => top.field('a').raw(), /must be an object/],
    ['null', (top) => top.field('a').raw(), /must be an object/],
    ['"b"', (top) => top.oneOf(['a', 'b']), 'b'],
    ['"c"', (top) => top.oneOf(['a', 'b']), /one of a, b/],
    ['false', (top) => top.boolean(), false],
    ['0', (top) => top.boolean(), /true or false/],
    ['null', (top) => top.orNull((shape) => shape.text(3)), null],
    ['1', (top) => top.orNull((shape) => shape.text(3)), /must be a string/],
    ['{"__proto__":{"a":1}}', (top) => top.field('a').raw() ?? 'no own field', 'no own field'],
    ['{"a":1}', (top) => top.field('toString').raw() ?? 'no own field', 'no own field'],
    ['{', (top) => top.raw(), /^x: .*truncated or damaged/],
  ];
  for (const [json, reader, found] of cases)
    if (found instanceof RegExp) t.match(read(json, reader), found, json);
    else t.strictSame(read(json, reader), found, json);
});

test('what the reader itself throws is a failure too', async (t) => {
  const broken = (): never => {
    throw new RangeError('too deep');
  };
  t.match(readShape('{}', 'x', broken), { ok: false, at: 'x' });
  t.match(
    readShape('{}', 'x', (top) => top.value({ ok: false, at: 'y', why: 'no' })),
    { ok: false, why: 'no' },
  );
});
