import fc from 'fast-check';
import { test } from 'tap';
import { parseBootEntry, parseBootOrder } from '../../../src/core/parse/efi-boot.ts';
import { bootOption, bootOrder, fileNode, gptNode, mbrNode, node } from '../../support/efi-variables.ts';

const GUID = '6f1c2b3a-1122-4000-8000-0123456789ab';

test('the order of boot entries', async (t) => {
  t.same(parseBootOrder(bootOrder([1, 0x1a2b, 0])), ['0001', '1A2B', '0000']);
  t.same(parseBootOrder(new Uint8Array(3)), []);
});

test('a file on a partition, by GUID or by disk signature and number', async (t) => {
  const file = fileNode('\\EFI\\debian\\shimx64.efi');
  t.same(parseBootEntry('0001', bootOption('debian', [...gptNode(GUID), ...file])), {
    ...{ number: '0001', description: 'debian', isActive: true },
    target: { kind: 'partition', partUuid: GUID, path: '/EFI/debian/shimx64.efi' },
  });
  t.match(
    parseBootEntry('0002', bootOption('x', [...mbrNode(3, [0x78, 0x56, 0x34, 0x12]), ...file], false)),
    {
      isActive: false,
      target: { partUuid: '12345678-03' },
    },
  );
});

test('a partition without a file, a path in two pieces, and what is no partition', async (t) => {
  t.match(parseBootEntry('0', bootOption('x', gptNode(GUID)))?.target, { kind: 'partition', path: null });
  const pieces = [...gptNode(GUID), ...fileNode('\\EFI'), ...fileNode('boot.efi')];
  t.match(parseBootEntry('0', bootOption('x', pieces))?.target, { path: '/EFI/boot.efi' });
  const pci = node(1, 1, [0, 3]);
  t.same(parseBootEntry('0', bootOption('UEFI PXE', pci))?.target, { kind: 'other' });
  t.match(parseBootEntry('0', bootOption('long', [...pci, ...gptNode(GUID)]))?.target, { kind: 'partition' });
});

test('any bytes are read without an error of the program', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      parseBootOrder(bytes);
      parseBootEntry('0000', bytes);
    }),
  );
  const whole = bootOption('debian', [...gptNode(GUID), ...fileNode('\\a')]);
  for (let length = 0; length < whole.length; length += 1) parseBootEntry('0', whole.subarray(0, length));
  t.equal(parseBootEntry('0', whole.subarray(0, whole.length - 1)), null);
});
