import { test } from 'tap';
import { readKnownArrays, readSectionLinks } from '../../../../src/app/configuration/known-arrays.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const UUID = '01234567:89abcdef:01234567:89abcdef';

test('every array with what udev knows of it, else with what sysfs does', async (t) => {
  const files = new MemoryFiles({
    '/sys/class/block/md127/dev': '9:127\n',
    '/sys/class/block/md127/md/array_state': 'clean\n',
    '/run/udev/data/b9:127': `E:MD_UUID=${UUID}\nE:MD_NAME=box:root\nE:MD_DEVNAME=root\n`,
    '/sys/class/block/md3/md/array_state': 'inactive\n',
    '/sys/class/block/md3/md/uuid': '11111111-2222-2222-3333-333344444444\n',
    '/sys/class/block/md3/md/metadata_version': '1.2\n',
    '/sys/class/block/md127p1/dev': '259:0\n',
    '/sys/class/block/mdx/md/other': '',
    '/sys/class/block/sda/dev': '8:0\n',
  });
  t.same(await readKnownArrays({ files, paths: REAL_PATHS }), [
    { device: 'md127', uuid: UUID, name: 'box:root', devName: 'root' },
    { device: 'md3', uuid: '11111111:22222222:33333333:44444444', name: null, devName: null },
  ]);
});

test('where the paths of sections lead', async (t) => {
  const files = new MemoryFiles();
  files.links.set('/dev/md/x', '/dev/md9');
  files.links.set('/dev/away', '/etc/passwd');
  const sections = ['/dev/md/x', '/dev/away', '/dev/none', 'md9'].map((key) => ({
    ...{ key, at: 'F:1', values: {}, places: new Map() },
  }));
  t.same([...(await readSectionLinks({ files, paths: REAL_PATHS }, sections))], [['/dev/md/x', 'md9']]);
});
