import fc from 'fast-check';
import { test } from 'tap';
import { mdUuidFromBytes, parseMdUuid } from '../../../src/core/md/md-uuid.ts';

test('every spelling of an md UUID is one', async (t) => {
  const wanted = '01234567:89abcdef:01234567:89abcdef';
  for (const text of [
    wanted,
    '0123456789ABCDEF0123456789abcdef',
    '01234567-89ab-cdef-0123-456789abcdef',
    ` ${wanted}\n`,
    '01234567.89abcdef.01234567.89abcdef',
  ])
    t.same(parseMdUuid(text), { ok: true, value: wanted }, text);
});

test('what is not an md UUID is refused, with its place', async (t) => {
  for (const text of [
    '',
    '0123',
    `${'0'.repeat(31)}g`,
    '0'.repeat(33),
    '01234567/89abcdef/01234567/89abcdef',
  ])
    t.match(parseMdUuid(text, 'MD_UUID'), { ok: false, at: 'MD_UUID', why: /not an md UUID/ }, text);
  const refused = parseMdUuid('x'.repeat(10_000));
  t.ok(!refused.ok && refused.why.length < 100, 'a long text is cut');
});

test('from bytes, whatever their number', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const uuid = mdUuidFromBytes(bytes);
      const again = parseMdUuid(uuid);
      const digits = [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      return again.ok && again.value === uuid && uuid.replaceAll(':', '').startsWith(digits);
    }),
  );
});
