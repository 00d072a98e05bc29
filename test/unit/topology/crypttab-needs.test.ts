import { test } from 'tap';
import type { CrypttabEntry } from '../../../src/core/parse/crypttab.ts';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { crypttabNeeds } from '../../../src/core/topology/crypttab-needs.ts';
import { formatSourceSpec } from '../../../src/core/topology/source-spec.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

const graph = buildBlockGraph({
  ...NO_FACTS,
  devices: [device('sda')],
  dmNodes: [{ device: 'dm-3', name: 'open', uuid: 'CRYPT-LUKS1-0-open', standsOn: ['sda'] }],
});
const boot = { line: 2, source: 'UUID=b', mountPoint: '/boot', fsType: 'ext4', options: [] };
const root = { ...boot, source: 'UUID=r', mountPoint: '/' };
const needs = (keyFile: string, options: readonly string[] = [], target = 'open') => {
  const entry: CrypttabEntry = { line: 3, target, source: 'x', keyFile, options };
  const { mounts, isUnfollowed } = crypttabNeeds(
    { crypttab: [entry], crypttabAt: '/etc/crypttab', fstab: [root, boot] },
    new Set(['dm-3']),
    graph,
  );
  return [
    ...mounts.map(
      ({ name, sources: [first] }) => `${name}: ${first === undefined ? '' : formatSourceSpec(first.spec)}`,
    ),
    ...(isUnfollowed ? ['unfollowed'] : []),
  ].join('; ');
};

test('keys and headers on devices of their own', async (t) => {
  const passdev = ['luks', 'keyscript=passdev'];
  for (const [key, options, wanted] of [
    ['none', ['luks'], ''],
    ['/etc/key', ['luks'], ''],
    ['/dev/urandom', ['swap'], ''],
    ['/dev/sdb1', [], 'crypttab open key: /dev/sdb1'],
    ['UUID=k', [], 'crypttab open key: UUID=k'],
    ['/key:UUID=k', [], 'crypttab open key: UUID=k'],
    ['/dev/disk/by-label/stick:/key', [], 'crypttab open key: /dev/disk/by-label/stick'],
    ['/dev/disk/by-uuid/k:/keys/root:10', passdev, 'crypttab open key: /dev/disk/by-uuid/k'],
    ['/dev/md0:/key', ['keyscript=/lib/cryptsetup/scripts/passdev'], 'crypttab open key: /dev/md0'],
    ['other', ['keyscript=decrypt_derived'], 'crypttab open key: /dev/mapper/other'],
    ['/etc/key.gpg', ['keyscript=decrypt_gnupg'], ''],
    ['none', ['header=/dev/sdc'], 'crypttab open header: /dev/sdc'],
    ['none', ['header=UUID=h'], 'crypttab open header: UUID=h'],
    ['none', ['header=/boot/header'], ''],
    ['none', ['keyscript=/usr/local/sbin/unlock'], 'unfollowed'],
    ['/boot/key', ['keyscript=/usr/local/sbin/unlock'], 'crypttab open key: UUID=b; unfollowed'],
    ['/etc/key', ['keyscript=/usr/local/sbin/unlock'], 'unfollowed'],
  ] as const)
    t.equal(needs(key, options), wanted, `${key} ${options}`);
  const odd: CrypttabEntry = {
    line: 3,
    target: 'open',
    source: 'x',
    keyFile: 'none',
    options: ['keyscript=/x'],
  };
  t.match(
    crypttabNeeds(
      { crypttab: [odd], crypttabAt: '/target/etc/crypttab', fstab: [] },
      new Set(['dm-3']),
      graph,
    ).warnings,
    [/^open \(\/target\/etc\/crypttab:3\): what its keyscript \/x needs is not known/],
  );
  t.equal(needs('/dev/sdb1', [], 'other'), '', 'a mapping that the boot does not need');
});
