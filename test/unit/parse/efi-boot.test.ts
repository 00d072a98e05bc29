import { readFileSync } from 'node:fs';
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
  t.same(parseBootEntry('0', bootOption('no more than a controller', pci))?.target, { kind: 'other' });
  t.match(parseBootEntry('0', bootOption('long', [...pci, ...gptNode(GUID)]))?.target, { kind: 'partition' });
});

test('a path that not every firmware follows is not counted on', async (t) => {
  const kindOf = (...names: readonly string[]) =>
    parseBootEntry('0', bootOption('x', [...gptNode(GUID), ...names.flatMap(fileNode)]))?.target.kind;
  t.equal(
    kindOf('\\EFI\\', '\\boot.efi'),
    'partition',
    'where two pieces meet, one separator is as good as two',
  );
  t.equal(
    kindOf('\\\\EFI\\\\debian\\\\grubx64.efi'),
    'other',
    'as typed in quotes that keep both: OVMF finds no file',
  );
  t.equal(kindOf('\\EFI\\\\grubx64.efi'), 'other');
  t.equal(kindOf('/EFI/grubx64.efi'), 'other');
});

test('what is no partition: a whole disk, a program of the firmware, the network, a BIOS entry', async (t) => {
  const kindOf = (...path: readonly (readonly number[])[]) =>
    parseBootEntry('0', bootOption('x', path.flat()))?.target.kind;
  const [root, pci] = [node(2, 1, [0xd0, 0x41, 0x0a, 3, 0, 0, 0, 0]), node(1, 1, [0, 3])];
  t.equal(kindOf(root, pci, node(3, 2, [0, 0, 0, 0])), 'disk', 'SCSI');
  t.equal(kindOf(root, pci, node(3, 18, [0, 0, 0xff, 0xff, 0, 0])), 'disk', 'SATA');
  t.equal(kindOf(root, pci, node(3, 23, new Array<number>(12).fill(1))), 'disk', 'NVMe');
  t.equal(
    kindOf(node(4, 7, new Array<number>(16).fill(1)), node(4, 6, new Array<number>(16).fill(2))),
    'firmware',
  );
  const network = node(3, 11, new Array<number>(33).fill(0));
  t.equal(kindOf(root, pci, network), 'other');
  t.equal(kindOf(root, pci, network, node(3, 12, new Array<number>(23).fill(0))), 'other', 'IPv4');
  t.equal(kindOf(node(5, 1, [2, 0, 0, 0, 0])), 'other', 'BIOS');
});

test('what OVMF has after grub-install', async (t) => {
  const path = new URL('../../fixtures/recorded/boot-loaders-trixie/boot-entries.json', import.meta.url);
  const { variables } = JSON.parse(readFileSync(path, 'utf8')) as { variables: Record<string, string> };
  const bytesOf = (name: string) => Uint8Array.from(Buffer.from(variables[name] ?? '', 'base64'));
  const entries = parseBootOrder(bytesOf('BootOrder')).map((one) =>
    parseBootEntry(one, bytesOf(`Boot${one}`)),
  );
  t.match(entries, [
    { description: 'debian', target: { kind: 'partition', path: '/EFI/debian/grubx64.efi' } },
    { description: 'UiApp', target: { kind: 'firmware' } },
  ]);
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
