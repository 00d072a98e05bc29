import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { test } from 'tap';
import { readFirmware } from '../../../../src/app/inspect/firmware-facts.ts';
import { buildBlockGraph } from '../../../../src/core/topology/build-block-graph.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { device, NO_FACTS } from '../../../support/block-devices.ts';
import { bootOption, bootOrder, fileNode, gptNode } from '../../../support/efi-variables.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const recorded = join(import.meta.dirname, '../../../fixtures/recorded/boot-loaders-bookworm');
const image = (name: string): Uint8Array => gunzipSync(readFileSync(join(recorded, `${name}.img.gz`)));
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
const ESP = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';
const GUID = '6f1c2b3a-1122-4000-8000-0123456789ab';

const graph = buildBlockGraph({
  ...NO_FACTS,
  devices: [
    device('sda'),
    device('sda1', { type: 'part', parent: 'sda', partType: ESP, partUuid: GUID, fsType: 'vfat' }),
    device('sdb'),
    device('sdb1', { type: 'part', parent: 'sdb', partType: ESP, partUuid: 'other' }),
    device('sdb2', { type: 'part', parent: 'sdb', fsType: 'ext4' }),
  ],
});

/** An image whose files lack a text. */
function without(image: Uint8Array, text: string): Uint8Array {
  const bytes = Buffer.from(image);
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text)) bytes.fill(0, at, at + text.length);
  return bytes;
}

function machineOf(
  disks: Readonly<Record<string, Uint8Array>>,
  variables: Readonly<Record<string, Uint8Array>> | null,
) {
  const clock = { nowMs: () => 0, after: () => () => undefined };
  const files = new MemoryFiles(variables === null ? {} : { '/sys/firmware/efi/fw_platform_size': '64\n' });
  files.readBytes = async (path, offset, length) => {
    const bytes = disks[path];
    return bytes === undefined || offset + length > bytes.length
      ? null
      : bytes.subarray(offset, offset + length);
  };
  const runner = answeringRunner(([program, , path = '']) => {
    if (program === 'uname') return { stdout: 'x86_64\n' };
    const name = path.replace(/^.*\//, '').replace(`-${GLOBAL}`, '');
    const bytes = variables?.[name];
    return bytes === undefined ? { status: 1 } : { stdout: Buffer.from(bytes).toString('base64') };
  });
  return { ...idleMachine(clock, files), runner, files };
}

test('UEFI: entries, programs that they name, and the entries of systemd-boot, on a FAT that is not mounted', async (t) => {
  const machine = machineOf(
    { '/dev/sda1': image('fat32'), '/dev/sdb1': new Uint8Array(4096) },
    {
      BootOrder: bootOrder([1, 2]),
      Boot0001: bootOption('debian', [...gptNode(GUID), ...fileNode('\\EFI\\debian\\grubx64.efi')]),
    },
  );
  const facts = await readFirmware(machine, graph);
  if (facts.kind !== 'efi') return t.fail(facts.kind);
  t.match(facts.entries, [{ number: '0001', description: 'debian' }], 'an entry that is gone is passed over');
  t.equal(facts.removablePath, '/efi/boot/bootx64.efi');
  const [sda1, sdb1, ...others] = facts.esps;
  t.same(others, []);
  t.same(
    [...(sda1?.programs ?? [])],
    [
      ['/efi/boot/bootx64.efi', { kind: 'systemd-boot', searches: null }],
      ['/efi/debian/grubx64.efi', { kind: 'grub', searches: '6f1c2b3a-0000-4000-8000-0123456789ab' }],
    ],
  );
  t.same(sda1?.entries, [{ name: 'debian-6.1.0-9.conf', missing: null }]);
  t.match(sdb1, { device: 'sdb1', disks: ['sdb'], programs: null });
});

test('UEFI: an ESP that is mounted is read where it is mounted', async (t) => {
  const mountedGraph = buildBlockGraph({
    ...NO_FACTS,
    devices: [
      device('sda'),
      device('sda1', { type: 'part', parent: 'sda', partType: ESP, partUuid: GUID, majorMinor: '8:1' }),
    ],
  });
  // On its device is nothing yet of the program that was written last.
  const stale = without(image('fat32'), 'LoaderInfo: systemd-boot');
  const mounted = {
    '/boot/efi/efi/Boot/bootx64.EFI': '#### LoaderInfo: systemd-boot 257 ####',
    '/boot/efi/loader/entries/new.conf': 'title new\nlinux /many/linux\ninitrd /many/initrd\n',
    '/boot/efi/many/linux': 'k',
    '/boot/efi/debian/x': '',
  };
  const found = async (mountinfo: string, texts: Readonly<Record<string, string>>) => {
    const machine = machineOf({ '/dev/sda1': stale }, { BootOrder: bootOrder([]) });
    for (const [path, text] of Object.entries({ ...texts, '/proc/self/mountinfo': mountinfo }))
      machine.files.texts.set(path, text);
    const facts = await readFirmware(machine, mountedGraph);
    const [esp] = facts.kind === 'efi' ? facts.esps : [];
    return { kind: esp?.programs?.get('/efi/boot/bootx64.efi')?.kind, entries: esp?.entries };
  };
  const line = (number: string, folder = '/', type = 'vfat') =>
    `36 25 ${number} ${folder} /boot/efi rw - ${type} /dev/sda1 rw\n`;
  const onDevice = { kind: 'other', entries: [{ name: 'debian-6.1.0-9.conf', missing: null }] };
  t.same(await found('', mounted), onDevice);
  t.same(
    await found(line('8:1'), mounted),
    { kind: 'systemd-boot', entries: [{ name: 'new.conf', missing: '/many/initrd' }] },
    'in any case of its letters',
  );
  t.same(await found(line('8:17'), mounted), onDevice, 'another device');
  t.same(await found(line('8:1', '/EFI'), mounted), onDevice, 'a folder of it');
  t.same(await found(line('8:1'), { '/boot/efi/other': '' }), onDevice, 'hidden by another mount');
});

test('UEFI: variables that cannot be read', async (t) => {
  t.match(await readFirmware(machineOf({}, {}), graph), { kind: 'efi', entries: null });
});

test('BIOS: the first sectors of each disk', async (t) => {
  const disks = (b: Uint8Array | null) =>
    readFirmware(
      machineOf({ '/dev/sda': image('bios-gpt'), ...(b === null ? {} : { '/dev/sdb': b }) }, null),
      graph,
    );
  const codes = async (b: Uint8Array | null) => {
    const facts = await disks(b);
    return facts.kind === 'bios' ? facts.disks.map(({ code }) => code) : facts.kind;
  };
  t.same(await codes(image('bios-dos')), ['grub', 'grub']);
  t.same(await codes(image('bios-dos-without')), ['grub', 'empty']);
  t.same(await codes(null), ['grub', 'unread']);
  const torn = Uint8Array.from(image('bios-dos')).fill(0, 512);
  t.same(await codes(torn), ['grub', 'no-core']);
});

test('BIOS: the core image of each disk beside the one that was installed last', async (t) => {
  const disk = image('bios-gpt');
  const core = disk.slice(1024 * 1024, 1024 * 1024 + 3500);
  const codes = async (installed: Uint8Array) => {
    const machine = machineOf({ '/dev/sda': disk, '/dev/sdb': image('bios-dos-without') }, null);
    const facts = await readFirmware(machine, graph, installed);
    return facts.kind === 'bios' ? facts.disks.map(({ code }) => code) : facts.kind;
  };
  const changed = (at: number) => core.map((byte, index) => (index === at ? byte ^ 1 : byte));
  t.same(await codes(core), ['grub', 'empty']);
  t.same(await codes(changed(500)), ['grub', 'empty'], 'the list of blocks');
  t.same(await codes(changed(512 + 0x11)), ['grub', 'empty'], 'how much may be repaired');
  for (const at of [512 + 8, 512 + 0x14, 3499])
    t.same(await codes(changed(at)), ['other-core', 'empty'], `${at}`);
});
