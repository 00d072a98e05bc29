// module-setup.sh as each release of dracut calls it: with the functions that the release has, by their names, and its places of hooks.
import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { ROOT } from '../../tools/project.ts';

interface Release {
  readonly name: string;
  /** Where inst_hook puts hooks. */
  readonly hooks: string;
  /** Its folders of modules, as far as they matter here. */
  readonly modules: readonly string[];
}

/** As the packages of Debian 12, 13 and testing have them: dracut-init.sh, dracut-functions.sh, and for 112 the program as well. */
const RELEASES: readonly Release[] = [
  { name: '059', hooks: 'lib/dracut/hooks', modules: ['90mdraid', '98dracut-systemd', '99base'] },
  { name: '106', hooks: 'var/lib/dracut/hooks', modules: ['90mdraid', '98dracut-systemd', '99base'] },
  { name: '112', hooks: 'var/lib/dracut/hooks', modules: ['70mdraid', '77initqueue', '80base'] },
];

/** What of dracut's own functions may be called: each of the three releases has them. Anything else is a command that is not found. */
const stubs = (host: string, { hooks }: Release) => `
to_image() { mkdir -p "$initdir/$(dirname "$2")" && cp -p "$1" "$initdir$2"; }
require_binaries() { local one; for one; do [[ " $missing " != *" $one "* ]] || return 1; done; }
dwarn() { echo "dwarn $*" >>'${host}/calls'; }
inst_binary() { [[ ! -e $initdir$2 ]] || return 0; to_image "$1" "$2"; }
inst_script() { [[ ! -e $initdir$2 ]] || return 0; to_image "$1" "$2"; }
inst_simple() { [[ ! -e $initdir$2 ]] || return 0; [[ -e $1 ]] || return 1; to_image "$1" "$2"; }
inst_multiple() { echo "inst_multiple $*" >>'${host}/calls'; }
inst_hook() {
  [[ -f $3 ]] || exit 1
  case $1 in pre-trigger | initqueue | initqueue/settled | initqueue/finished | pre-pivot) ;; *) exit 1 ;; esac
  inst_simple "$3" "/${hooks}/$1/$2-\${3##*/}"
}
instmods() { echo "instmods $hostonly$*" >>'${host}/calls'; }
mark_hostonly() { echo "mark_hostonly $*" >>'${host}/calls'; }
dracut_module_included() { [[ " $included " == *" $1 "* ]]; }
dracut_need_initqueue() { mkdir -p "$initdir/lib/dracut"; : >"$initdir/lib/dracut/need-initqueue"; }
export SYSTEMCTL=${host}/systemctl
systemdsystemunitdir=/usr/lib/systemd/system
systemdutildir=/usr/lib/systemd
`;

interface Build {
  readonly included?: string;
  readonly hostonly?: string;
  readonly missing?: string;
  readonly more?: string;
}

class ModuleSandbox {
  readonly host = mkdtempSync(join(tmpdir(), 'reliable-raid-module-'));
  private readonly release: Release;
  /** An array of the list is behind a passphrase. */
  standsBehind = true;

  constructor(t: Test, release: Release) {
    this.release = release;
    t.teardown(() => rmSync(this.host, { recursive: true }));
    const folder = 'dracut/96reliable-raid';
    for (const name of readdirSync(join(ROOT, folder)))
      this.file(`module/${name}`, readFileSync(join(ROOT, folder, name), 'utf8'));
    this.moved('module/module-setup.sh', `${folder}/module-setup.sh`);
    this.moved('usr/lib/reliable-raid/image-files', 'hooks/image-files');
    for (const name of ['boot-engine', 'boot-steps', 'shell'])
      this.file(`usr/lib/reliable-raid/${name}`, name);
    this.file('usr/bin/setsid', 'setsid\n');
    this.file('usr/lib/udev/rules.d/63-reliable-raid.rules', 'rule\n');
    this.file('systemctl', `#!/bin/sh\necho "systemctl $*" >>'${this.host}/calls'\n`);
    this.file('image/sbin/mdraid_start', "dracut's\n");
    this.file('image/etc/udev/rules.d/65-md-incremental-imsm.rules', "dracut's\n");
    for (const module of release.modules)
      mkdirSync(join(this.host, 'dracut/modules.d', module), { recursive: true });
    this.lists(true);
  }

  /** Its paths on the host are moved to this one; in the image they are then below the path of this one. */
  private moved(path: string, source: string): void {
    const text = readFileSync(join(ROOT, source), 'utf8');
    this.file(
      path,
      text.replace(
        /(?<![\w$}])\/usr\/(?=bin\/(?:reliable|setsid)|lib\/(?:reliable|udev))/g,
        `${this.host}/usr/`,
      ),
    );
  }

  file(path: string, text: string): void {
    mkdirSync(dirname(join(this.host, path)), { recursive: true });
    writeFileSync(join(this.host, path), text);
    chmodSync(join(this.host, path), 0o755);
  }

  /** Whether root needs arrays; else what `resolve` does, in shell. */
  lists(arrays: boolean, more = ''): void {
    const list = arrays
      ? `mkdir -p "$3/etc/reliable-raid"
printf 'uuid before\\nother ${this.standsBehind ? 'after' : 'before'}\\n' >"$3/etc/reliable-raid/arrays"
echo '"kind": "${this.standsBehind ? 'crypt' : 'md'}",' >"$3/etc/reliable-raid/watchlist.json"
echo rd.md.uuid=uuid >"$3/etc/reliable-raid/arguments"`
      : '';
    this.file('usr/bin/reliable-raid', `#!/bin/sh\necho "$*" >>'${this.host}/resolve'\n${list}\n${more}\n`);
  }

  call(name: string, { included = '', hostonly = '', missing = '', more = '' }: Build = {}) {
    const set = `initdir=${this.host}/image moddir=${this.host}/module dracutbasedir=${this.host}/dracut mount_needs='' included='${included}' hostonly='${hostonly}' missing='${missing}'`;
    const script = `${set}\n${more}\n${stubs(this.host, this.release)}\n. ${this.host}/module/module-setup.sh\n${name}\n`;
    return new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
      execFile('bash', ['-c', script], (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  }

  has(path: string): boolean {
    return existsSync(join(this.host, 'image', path));
  }

  /** A file of the image that is named by its path on the host. */
  hasOwn(path: string): boolean {
    return this.has(join(this.host, path));
  }

  /** Where a link of the image that is named by its path on the host leads. */
  linked(path: string): string {
    return readlinkSync(join(this.host, 'image', this.host, path));
  }

  read(path: string): string {
    return existsSync(join(this.host, path)) ? readFileSync(join(this.host, path), 'utf8') : '';
  }

  /** All that is ours in the image, but folders. */
  own(): readonly string[] {
    return readdirSync(join(this.host, 'image'), { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name).slice(this.host.length + '/image/'.length))
      .map((path) => (path.startsWith(this.host.slice(1)) ? path.slice(this.host.length) : path))
      .filter((path) => path.includes('reliable'));
  }
}

for (const release of RELEASES) {
  t.test(`dracut ${release.name}`, { jobs: 2 }, (t) => {
    t.test('whether it takes part', async (t) => {
      const box = new ModuleSandbox(t, release);
      const checked = async (build: Build) => (await box.call('check', build)).status;
      t.equal(await checked({}), 0, 'an image for any machine');
      t.equal(await checked({ hostonly: '-h' }), 0, 'root is on arrays');
      t.equal(await checked({ missing: 'mdadm' }), 1);
      t.equal(await checked({ missing: 'setsid' }), 1);
      t.equal(await checked({ more: 'mount_needs=1' }), 1, "a crash kernel's");
      t.equal(await checked({ more: 'outfile=/run/initramfs/shutdown.cpio' }), 1, 'for a shutdown');
      t.equal(await checked({ more: 'outfile=/boot/initrd.img-6' }), 0);
      t.equal(await checked({ more: 'dracutsysrootdir=/mnt' }), 1, "another machine's");
      t.match(box.read('calls'), /dwarn .* in \/mnt/);
      box.lists(false);
      t.equal(await checked({ hostonly: '-h' }), 255, 'root needs none');
      t.equal(await checked({}), 0);
      box.lists(false, 'exit 3');
      t.equal(await checked({ hostonly: '-h' }), 0, 'a build that must fail fails where it says why');
    });

    t.test('what it needs: the loop where that is a module', async (t) => {
      const box = new ModuleSandbox(t, release);
      const { stdout } = await box.call('depends');
      t.equal(stdout, release.name === '112' ? 'mdraid\ninitqueue\n' : 'mdraid\n');
    });

    for (const included of ['', 'systemd'])
      t.test(`what it puts in, ${included === '' ? 'without' : 'with'} systemd`, async (t) => {
        const box = new ModuleSandbox(t, release);
        const done = await box.call('install\ninstallkernel', { included });
        t.match(done, { status: 0, stderr: '' });
        t.match(box.read('resolve'), /^resolve --image .*\/image --generator dracut\n$/);
        const hooks = [
          ...['pre-trigger/10-reliable-raid-discovery', 'pre-pivot/10-reliable-raid-release'],
          ...['initqueue/10-reliable-raid-await', 'initqueue/settled/10-reliable-raid-hold'],
          'initqueue/finished/10-reliable-raid-decided',
        ];
        for (const hook of hooks) t.ok(box.has(`${release.hooks}/${hook}.sh`), hook);
        t.equal(box.read('image/sbin/mdraid_start'), box.read('module/mdraid-start.sh'));
        t.match(box.read('calls'), /^mark_hostonly \/etc\/reliable-raid\/arguments$/m);
        const rule = 'rules/65-md-incremental-imsm.rules';
        for (const name of ['boot-hook', 'steps', 'boot-steps', 'shell', 'mdraid_start', rule])
          t.ok(box.hasOwn(`usr/lib/reliable-raid/${name}`), name);
        const members = 'usr/lib/udev/rules.d/64-reliable-raid-members.rules';
        t.equal(box.linked(members), '/etc/reliable-raid/members.rules');
        t.ok(box.has('lib/dracut/need-initqueue'));
        t.match(box.read('calls'), /^instmods efivarfs$/m);
        const units = ['reliable-raid-boot.service', 'reliable-raid-boot-behind.service'];
        for (const unit of units) t.equal(box.has(`usr/lib/systemd/system/${unit}`), included !== '', unit);
        const generator = 'usr/lib/systemd/system-generators/reliable-raid-generator';
        t.equal(box.has(generator), included !== '');
        t.equal(box.read('calls').match(/add-wants initrd\.target/g)?.length ?? 0, included === '' ? 0 : 2);
      });

    t.test('nothing is behind a passphrase: no unit for it, and no generator', async (t) => {
      const box = new ModuleSandbox(t, release);
      box.standsBehind = false;
      box.lists(true);
      t.match(await box.call('install', { included: 'systemd' }), { status: 0, stderr: '' });
      const units = box.own().filter((path) => /systemd/.test(path));
      t.same(units, ['usr/lib/systemd/system/reliable-raid-boot.service']);
    });

    for (const [what, prepare, status, said] of [
      ['root needs no array', (box) => box.lists(false), 0, /^$/],
      [
        'the program fails',
        (box) => box.lists(true, 'exit 1'),
        0,
        /the image is built without it: the program failed/,
      ],
      ['the configuration says strict', (box) => box.lists(true, 'exit 3'), 1, /is not built/],
      [
        "dracut's script is not there",
        (box) => rmSync(join(box.host, 'image/sbin/mdraid_start')),
        0,
        /could not be copied/,
      ],
    ] as readonly (readonly [string, (box: ModuleSandbox) => void, number, RegExp])[])
      t.test(`${what}: an image as without us`, async (t) => {
        const box = new ModuleSandbox(t, release);
        const stock = what.startsWith('dracut') ? '' : "dracut's\n";
        prepare(box);
        const { status: got, stderr } = await box.call('install', { included: 'systemd' });
        t.equal(got, status);
        t.match(stderr, said);
        t.same(box.own(), []);
        t.equal(box.read('image/sbin/mdraid_start'), stock);
      });

    t.test('a unit cannot be copied: all that was put in before is out again', async (t) => {
      const box = new ModuleSandbox(t, release);
      rmSync(join(box.host, 'module/reliable-raid-boot-behind.service'));
      const { status, stderr } = await box.call('install', { included: 'systemd' });
      t.equal(status, 0);
      t.match(stderr, /could not be copied/);
      t.same(box.own(), []);
      t.equal(box.read('image/sbin/mdraid_start'), "dracut's\n");
    });
    t.end();
  });
}
