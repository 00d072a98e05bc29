import { test } from 'tap';
import { deviceUnit, taggedPath } from '../../../src/core/text/device-unit.ts';

test('as systemd-escape --path has it', async (t) => {
  for (const [path, unit] of [
    ['/dev/md0', 'dev-md0.device'],
    ['/dev//md/home/', 'dev-md-home.device'],
    ['/dev/mapper/vg-home', String.raw`dev-mapper-vg\x2dhome.device`],
    ['/dev/disk/by-uuid/12-ab', String.raw`dev-disk-by\x2duuid-12\x2dab.device`],
    ['/dev/disk/by-label/é', String.raw`dev-disk-by\x2dlabel-\xc3\xa9.device`],
    [String.raw`/dev/disk/by-label/a\x20b`, String.raw`dev-disk-by\x2dlabel-a\x5cx20b.device`],
    ['/dev/disk/by-id/a:b_c.d+e', String.raw`dev-disk-by\x2did-a:b_c.d\x2be.device`],
    ['/dev', null],
    ['/srv/image', null],
    ['/dev/../etc/x', null],
    [`/dev/${'x'.repeat(300)}`, null],
    ['/dev/\ud800', null],
  ] as const)
    t.equal(deviceUnit(path), unit, path);
});

test('no text leaves the folder of units, or a line', async (t) => {
  for (const text of ['/dev/a\nb', '/dev/a b', '/dev/$(x)', '/dev/a\tb', '/dev/"'])
    t.match(deviceUnit(text), /^[A-Za-z0-9:_.\\-]+$/, JSON.stringify(text));
});

test('where udev links a tag', async (t) => {
  for (const [tag, value, path] of [
    ['UUID', 'AAAA-1111', '/dev/disk/by-uuid/AAAA-1111'],
    ['LABEL', 'my home', String.raw`/dev/disk/by-label/my\x20home`],
    ['PARTLABEL', 'a/b', String.raw`/dev/disk/by-partlabel/a\x2fb`],
    ['LABEL', 'é', '/dev/disk/by-label/é'],
  ] as const)
    t.equal(taggedPath(tag, value), path);
});
