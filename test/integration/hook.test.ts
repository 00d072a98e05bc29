import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import t, { type Test } from 'tap';
import { ROOT } from '../../tools/project.ts';

const STAGES = ['init-top', 'local-top', 'local-block', 'local-bottom'];

/** A host and the unpacked image that the generator has made so far, with the hook's absolute paths moved there. */
class HookSandbox {
  readonly host = mkdtempSync(join(tmpdir(), 'reliable-raid-hook-'));
  readonly image = join(this.host, 'image');

  constructor(t: Test) {
    t.teardown(() => rmSync(this.host, { recursive: true }));
    this.script('hook', 'initramfs-tools/hooks/reliable-raid');
    this.script('usr/lib/reliable-raid/image-files', 'hooks/image-files');
    this.file(
      'usr/share/initramfs-tools/hook-functions',
      `manual_add_modules() { echo "$@" >>'${this.host}/modules'; }\ncopy_exec() { to=$DESTDIR$2; [ ! -e "$to" ] || return 1; mkdir -p "\${to%/*}"; cp "$1" "$to"; }\n`,
    );
    this.file('usr/bin/setsid', 'setsid\n');
    this.file('usr/lib/reliable-raid/boot-engine', 'engine\n');
    this.file('usr/lib/reliable-raid/boot-steps', 'steps\n');
    this.file('usr/lib/reliable-raid/shell', 'shell\n');
    this.file('usr/lib/reliable-raid/config-sum', '#!/bin/sh\n');
    this.file('usr/lib/reliable-raid/initramfs-tools/steps', 'steps\n');
    this.file('usr/lib/udev/rules.d/63-reliable-raid.rules', 'rule\n');
    for (const stage of STAGES) this.file(`image/scripts/${stage}/reliable-raid`, 'ours\n');
    this.file('image/scripts/init-top/udev', 'udev\n');
    this.file('image/scripts/local-block/mdadm', "mdadm's\n");
    this.file('image/conf/initramfs.conf', 'RESUME=\n');
  }

  /** A script of the project, its paths moved to this host. */
  private script(path: string, source: string): void {
    const text = readFileSync(join(ROOT, source), 'utf8');
    this.file(path, text.replace(/(?<![\w$}])\/usr\/(?=share\/initramfs|bin\/|lib\/)/g, `${this.host}/usr/`));
  }

  file(path: string, text: string): void {
    mkdirSync(dirname(join(this.host, path)), { recursive: true });
    writeFileSync(join(this.host, path), text);
    chmodSync(join(this.host, path), 0o755);
  }

  /** What `reliable-raid resolve --image FOLDER` does this time. */
  program(body: string): void {
    this.file('usr/bin/reliable-raid', `#!/bin/sh\nprintf '%s|' "$@" >'${this.host}/calls'\n${body}\n`);
  }

  run(env: Readonly<Record<string, string>> = {}): Promise<{ status: unknown; output: string }> {
    const environment = { PATH: '/usr/bin:/bin', DESTDIR: this.image, ...env };
    return new Promise((resolve) => {
      execFile('/bin/sh', [join(this.host, 'hook')], { env: environment }, (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : error.code, output: stdout + stderr }),
      );
    });
  }

  calls(): string {
    return readFileSync(join(this.host, 'calls'), 'utf8').replaceAll(this.host, '');
  }

  /** The files of the image; those of the program lie below the host's folder there, since its paths were moved. */
  imageFiles(): string[] {
    const moved = `${this.host.slice(1)}/`;
    return readdirSync(this.image, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.image, join(entry.parentPath, entry.name)).replace(moved, ''))
      .sort();
  }

  imageFolders(folder: string): string[] {
    return readdirSync(join(this.image, folder)).sort();
  }

  linkInImage(path: string): string {
    return readlinkSync(join(this.image, this.host, path)).replace(this.host, '');
  }

  readFromImage(path: string): string {
    return readFileSync(join(this.image, this.host, path), 'utf8');
  }
}

const WRITES_ARRAYS = `mkdir -p "$3/etc/reliable-raid"; echo 'UUID before' >"$3/etc/reliable-raid/arrays"`;
const STOCK_IMAGE = ['conf/initramfs.conf', 'scripts/init-top/udev', 'scripts/local-block/mdadm'];

t.test('root needs arrays: engine, scripts and list; the stock script is put aside', async (t) => {
  const box = new HookSandbox(t);
  box.program(WRITES_ARRAYS);
  t.match(await box.run(), { status: 0, output: '' });
  t.equal(box.calls(), 'resolve|--image|/image|');
  const files = box.imageFiles();
  for (const stage of STAGES) t.ok(files.includes(`scripts/${stage}/reliable-raid`));
  for (const name of ['boot-steps', 'steps', 'shell', 'mdadm-local-block'])
    t.ok(files.includes(`usr/lib/reliable-raid/${name}`), name);
  t.notOk(files.includes('scripts/local-block/mdadm'));
  t.equal(
    box.readFromImage('usr/bin/reliable-raid'),
    'engine\n',
    'the boot engine, under the name of the program',
  );
  t.equal(readFileSync(join(box.host, 'modules'), 'utf8'), 'efivarfs\n');
  t.equal(box.readFromImage('usr/lib/udev/rules.d/63-reliable-raid.rules'), 'rule\n');
  t.equal(
    box.linkInImage('usr/lib/reliable-raid/boot-engine'),
    '/usr/bin/reliable-raid',
    'udev asks the engine',
  );
});

t.test('the image says which configuration it was made from, where there is one', async (t) => {
  const box = new HookSandbox(t);
  box.program(WRITES_ARRAYS);
  await box.run();
  t.notOk(box.imageFiles().includes('etc/reliable-raid/config-sum'));
  box.file('usr/lib/reliable-raid/config-sum', '#!/bin/sh\necho SUM\n');
  await box.run();
  t.equal(readFileSync(join(box.image, 'etc/reliable-raid/config-sum'), 'utf8'), 'SUM\n');
});

t.test('nothing to watch, or trouble: the image has the files it has without us', async (t) => {
  for (const [what, body, said] of [
    ['no array is needed', 'exit 0', /^$/],
    [
      'the program crashes',
      `${WRITES_ARRAYS}; kill -9 $$`,
      /W: reliable-raid: the image is built without it/,
    ],
    ['a wrong command line', 'exit 2', /W: reliable-raid: the image is built without it/],
    ['an error nobody thought of', 'exit 1', /W: reliable-raid: the image is built without it/],
  ] as const) {
    const box = new HookSandbox(t);
    box.program(body);
    const run = await box.run();
    t.equal(run.status, 0, `${what}: the kernel upgrade goes on`);
    t.match(run.output, said);
    t.same(box.imageFiles(), STOCK_IMAGE, what);
    t.same(box.imageFolders('scripts'), ['init-top', 'local-block'], 'no empty folder is left');
  }
  const gateless = new HookSandbox(t);
  gateless.program(WRITES_ARRAYS);
  rmSync(join(gateless.host, 'usr/lib/udev/rules.d/63-reliable-raid.rules'));
  t.match(await gateless.run(), { status: 0, output: /a file could not be copied/ });
  t.notOk(
    gateless.imageFiles().some((path) => /reliable-raid/.test(path)),
    "the gate's rule is missing",
  );
  const empty = new HookSandbox(t);
  rmSync(join(empty.host, 'usr/lib/reliable-raid'), { recursive: true });
  t.match(await empty.run(), { status: 0, output: /image-files is missing/ });
  t.same(empty.imageFiles(), STOCK_IMAGE, 'what the hook is made of is missing');
  const gone = new HookSandbox(t);
  t.match(await gone.run(), { status: 0, output: /the image is built without it/ });
  t.same(gone.imageFiles(), STOCK_IMAGE, 'the program is missing');
  for (const name of ['shell', 'boot-engine', 'initramfs-tools/steps']) {
    const broken = new HookSandbox(t);
    broken.program(WRITES_ARRAYS);
    rmSync(join(broken.host, 'usr/lib/reliable-raid', name));
    t.match(await broken.run(), { status: 0, output: /a file could not be copied/ });
    t.notOk(
      broken.imageFiles().some((path) => /reliable-raid/.test(path)),
      `${name} is missing`,
    );
    t.ok(broken.imageFiles().includes('scripts/local-block/mdadm'));
  }
});

t.test('what may bring disks runs before ours; what runs after ours does not', async (t) => {
  const box = new HookSandbox(t);
  box.program(WRITES_ARRAYS);
  const script = (name: string, prereqs: string): void =>
    box.file(`image/scripts/local-top/${name}`, `#!/bin/sh\n[ "$1" != prereqs ] || echo '${prereqs}'\n`);
  script('multipath', '');
  script('iscsi', 'multipath');
  script('cryptroot', 'multipath iscsi reliable-raid clevis late');
  script('clevis', 'multipath iscsi reliable-raid');
  script('late', 'clevis');
  script('odd name', '');
  box.file('image/scripts/local-top/broken', 'exit 7\n');
  box.file('image/scripts/local-top/ORDER', '');
  t.match(await box.run(), { status: 0, output: '' });
  t.equal(box.readFromImage('usr/lib/reliable-raid/run-first'), 'broken\niscsi\nmultipath\n');
});

t.test('strict: the image is not built', async (t) => {
  const box = new HookSandbox(t);
  box.program('exit 3');
  t.match(await box.run(), { status: 1, output: /the configuration says strict/ });
});

t.test('the swap to resume from, as the image will read it', async (t) => {
  const box = new HookSandbox(t);
  box.program('exit 0');
  box.file('image/conf/conf.d/resume', 'RESUME=UUID=1\n');
  box.file('image/conf/conf.d/zz-resume-auto', 'RESUME=/dev/mapper/vg-swap\n');
  await box.run();
  t.equal(box.calls(), 'resolve|--image|/image|--resume|/dev/mapper/vg-swap|', 'the last one wins');
  box.file('image/conf/conf.d/zz-resume-auto', 'RESUME=none\n');
  for (const stage of STAGES) box.file(`image/scripts/${stage}/reliable-raid`, 'ours\n');
  await box.run();
  t.equal(box.calls(), 'resolve|--image|/image|', 'none is none');
});

t.test("the caller's settings for Node do not reach the program", async (t) => {
  const box = new HookSandbox(t);
  box.program('env | grep NODE || echo none');
  t.match(await box.run({ NODE_OPTIONS: '--bogus', NODE_PATH: '/x' }), { output: 'none\n' });
});
