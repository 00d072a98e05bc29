import { linkSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { ROOT } from '../../tools/project.ts';
import { SHELLS, type Shell, ShimSandbox } from './shim-sandbox.ts';

const ROOT_ARRAY = '11111111:22222222:33333333:44444444';
const RUN = 'run/reliable-raid';
const OWN_ARGUMENTS = 'etc/cmdline.d/50-reliable-raid.conf';
const LISTED_ONLY = `${RUN}/listed-only`;
const RULE = 'etc/udev/rules.d/65-md-incremental-imsm.rules';
const KEPT = 'usr/lib/reliable-raid/rules/65-md-incremental-imsm.rules';
const HOOKS = 'lib/dracut/hooks';
const FINISHED = `${HOOKS}/initqueue/finished`;

/** What of dracut's own library is used: arguments are read from the file that is the kernel's here. */
const library = (root: string) => `hookdir=${root}/${HOOKS}
getarg() {
	read -r _line <"${root}/proc/cmdline"
	for _word in $_line; do case $_word in "\${1%=}="*) _found=\${_word#*=} ;; "$1") _found=1 ;; esac; done
	echo "\${_found-}"
}
getargs() {
	getarg "$1="
	for _file in ${root}/etc/cmdline.d/*.conf; do [ ! -e "$_file" ] || sed -n "s/^$1=//p" "$_file"; done
}
getargbool() {
	_value=$(getarg "$2")
	[ -n "$_value" ] || case "$* $(cat "${root}/proc/cmdline") " in *" -n rd_NO_MD "*" rd_NO_MD "*) return 1 ;; esac
	case \${_value:-$1} in 0 | no | off) return 1 ;; esac
}
`;

/** An image of dracut: the same steps, its hooks, its library. */
class DracutSandbox extends ShimSandbox {
  constructor(t: Test, shell: Shell) {
    super(shell);
    t.teardown(() => this.remove());
    for (const [path, name] of [
      ['usr/lib/reliable-raid/steps', 'steps'],
      ['usr/lib/reliable-raid/arguments', 'arguments'],
      ['scripts/boot-hook/reliable-raid', 'boot-hook'],
      ['scripts/hold/reliable-raid', 'reliable-raid-hold.sh'],
      ['scripts/discovery/reliable-raid', 'reliable-raid-discovery.sh'],
      ['usr/lib/reliable-raid/boot-hook', 'boot-hook'],
    ] as const) {
      const text = readFileSync(join(ROOT, 'dracut/96reliable-raid', name), 'utf8');
      const loaded = name === 'reliable-raid-discovery.sh' ? `. ${this.root}/lib/dracut-lib.sh\n` : '';
      this.script(path, loaded + text.replace(/(?<![\w$}])\/(?=lib\/dracut|sbin\/)/g, `${this.root}/`));
    }
    this.script('lib/dracut-lib.sh', library(this.root));
    this.program('sbin/initqueue', 'echo "initqueue $*" >>"$ROOT/calls"');
    this.program('usr/lib/reliable-raid/mdraid_start', 'echo "dracut starts"');
    this.listed(`${ROOT_ARRAY} before`);
    this.write('proc/cmdline', 'root=block:/dev/md0 rd.retry=60\n');
    this.write(`${FINISHED}/devexists-\\x2fdev\\x2fdisk\\x2fby-id\\x2fmd-uuid-${ROOT_ARRAY}.sh`, 'false\n');
    this.write(`${FINISHED}/devexists-\\x2fdev\\x2fmd0.sh`, 'false\n');
    this.write(`${RUN}/discovery`, '0.50\n');
    this.write(`${RUN}/pending`, 'held\n');
  }

  stage(name: string) {
    return this.run('boot-hook', { args: [name], env: { ROOT: '' } });
  }

  /** Idle turns of dracut's loop, counted as it counts them, until it ends. */
  turns(retry: number, count: number) {
    this.script(
      'scripts/loop/reliable-raid',
      `RDRETRY=$((${retry} * 2)) main_loop=0 turns=0 timeouts=0
while [ $turns -lt ${count} ]; do
	turns=$((turns + 1))
	. ${this.root}/scripts/hold/reliable-raid
	[ $main_loop -le $((2 * RDRETRY / 3)) ] || timeouts=$((timeouts + 1))
	main_loop=$((main_loop + 1))
	[ $main_loop -le $RDRETRY ] || break
done
wait
echo "timeouts $timeouts, turns $turns"
`,
    );
    return this.run('loop');
  }

  isHeld(): boolean {
    return this.read(`${RUN}/pending`) !== '';
  }

  awaitsArray(): boolean {
    return this.has(`${FINISHED}/devexists-\\x2fdev\\x2fdisk\\x2fby-id\\x2fmd-uuid-${ROOT_ARRAY}.sh`);
  }
}

const running = { array_state: 'clean', degraded: '0', metadata_version: '1.2' };
const inactive = { array_state: 'inactive', metadata_version: '1.2' };

// klibc's shell is not found in an image of dracut
for (const shell of SHELLS.filter(({ name }) => name !== 'klibc')) {
  t.test(`dracut's hooks under ${shell.name}`, { jobs: 4 }, (t) => {
    t.test('the loop is held from before udev looks, except with rd.md=0', async (t) => {
      const box = new DracutSandbox(t, shell);
      await box.stage('release');
      t.notOk(box.isHeld());
      await box.stage('discovery');
      t.ok(box.isHeld());
      const off = new DracutSandbox(t, shell);
      await off.stage('release');
      for (const none of ['rd.md=0', 'rd_NO_MD']) {
        off.write('proc/cmdline', `root=/dev/md0 ${none}\n`);
        await off.stage('discovery');
        t.notOk(off.isHeld(), none);
        t.same([(await off.stage('await')).output, off.engineCalls()], ['', []], none);
      }
    });

    t.test(
      'our arguments are given as dracut begins to look, once, and what it waits for is as it writes it',
      async (t) => {
        const other = '55555555:66666666:77777777:88888888';
        const begin = async (cmdline: string, more = '') => {
          const box = new DracutSandbox(t, shell);
          await box.stage('release');
          box.write('proc/cmdline', `root=/dev/md0 ${cmdline}\n`);
          box.write('etc/cmdline.d/10-default.conf', more);
          box.write('etc/reliable-raid/arguments', `rd.md.uuid=${ROOT_ARRAY}\nrd.md.uuid=${other}\n`);
          box.write(`${HOOKS}/emergency/none`, '');
          const { status, output } = await box.run('discovery');
          t.same([status, output], [0, ''], cmdline);
          return box;
        };
        const quoted = `\\x2fdev\\x2fdisk\\x2fby-id\\x2fmd-uuid-${other}.sh`;

        const box = await begin('quiet');
        const device = `${box.root}/dev/disk/by-id/md-uuid-${other}`;
        t.equal(box.read(OWN_ARGUMENTS), `rd.md.uuid=${ROOT_ARRAY}\nrd.md.uuid=${other}\n`);
        t.equal(box.read(`${FINISHED}/devexists-${quoted}`), `[ -e "${device}" ]\n`);
        t.equal(
          box.read(`${FINISHED}/devexists-${quoted.replace(other, ROOT_ARRAY)}`),
          'false\n',
          'was there',
        );
        t.equal(
          box.read(`${HOOKS}/emergency/80-${quoted}`),
          `[ -e "${device}" ] || warn "\\"${device}\\" does not exist"\n`,
        );
        t.ok(box.isHeld());
        const named = await begin(`rd.md.uuid=${ROOT_ARRAY}`, `rd.md.uuid=${other}\n`);
        t.equal(named.read(OWN_ARGUMENTS), '');
        t.ok(named.has(OWN_ARGUMENTS), 'the engine takes it as a sign that others are hidden');
        t.ok(named.has(`${FINISHED}/devexists-${quoted}`));
        const root = await begin(`root=/dev/disk/by-id/md-uuid-${ROOT_ARRAY} x=rd.md.uuid=${other}`);
        t.equal(root.read(OWN_ARGUMENTS), box.read(OWN_ARGUMENTS), 'a UUID elsewhere names no array');
        t.notOk(box.has(LISTED_ONLY));
        for (const auto of ['rd.auto', 'rd.auto=1']) {
          const all = await begin(auto);
          t.equal(all.read(OWN_ARGUMENTS), '', 'our rule narrows: dracut need not');
          t.ok(all.has(OWN_ARGUMENTS) && all.has(LISTED_ONLY));
          t.ok(all.has(`${FINISHED}/devexists-${quoted}`), 'awaited all the same');
          await all.stage('release');
          t.notOk(all.has(LISTED_ONLY));
        }
        for (const narrow of ['rd.auto=0', 'rd.auto rd.md.uuid=1:2:3:4']) {
          const some = await begin(narrow);
          t.equal(some.read(OWN_ARGUMENTS), box.read(OWN_ARGUMENTS), narrow);
          t.notOk(some.has(LISTED_ONLY), narrow);
        }
        const off = await begin('rd.md=0');
        t.notOk(off.has(`${FINISHED}/devexists-${quoted}`));
        t.notOk(off.isHeld());
        const stripped = new DracutSandbox(t, shell);
        t.match(await stripped.run('discovery'), { status: 0, output: '' }, 'rd.hostonly=0 has removed them');
        t.notOk(stripped.has(OWN_ARGUMENTS));
      },
    );

    t.test('the library is read where an argument asks for it, and not after root is mounted', async (t) => {
      const box = new DracutSandbox(t, shell);
      box.write('lib/dracut-lib.sh', 'echo "the library is read"\n');
      for (const stage of ['discovery', 'release', 'ended', 'await-behind'])
        t.match(await box.stage(stage), { status: 0, output: '' }, stage);
      box.write('run/initramfs/cmdline.d/x.conf', 'rd.md=1\n');
      t.match(await box.stage('discovery'), { output: /is read/ });
    });

    t.test('all there and complete: let go without a word or a process', async (t) => {
      const box = new DracutSandbox(t, shell);
      box.array('md127', ROOT_ARRAY, running);
      t.match(await box.stage('await'), { status: 0, output: '' });
      t.same([box.isHeld(), box.calls()], [false, []]);
      t.ok(box.has(`${FINISHED}/devexists-\\x2fdev\\x2fmd0.sh`), 'dracut still waits for root');
    });

    t.test('an array is missing: the engine, until rd.retry is over', async (t) => {
      const box = new DracutSandbox(t, shell);
      box.array('md127', ROOT_ARRAY, inactive);
      box.engine('[ -s "$ROOT/run/reliable-raid/pending" ] && echo held');
      t.match(await box.stage('await'), { status: 0, output: 'held\n' });
      t.same(box.engineCalls(), ['engine boot --stage before-passphrase --limit-ms 60000 --root /dev/md0']);
      t.same([box.isHeld(), box.awaitsArray()], [false, false]);
    });

    t.test('behind a passphrase: held on, and waited for beside what asks', async (t) => {
      const box = new DracutSandbox(t, shell);
      box.listed(`${ROOT_ARRAY} after`);
      await box.stage('await');
      t.same([box.isHeld(), box.engineCalls()], [true, []]);
      await box.stage('await-behind');
      t.same(box.engineCalls(), ['engine boot --stage all --limit-ms 60000 --root /dev/md0']);
      t.notOk(box.isHeld());
    });

    for (const [what, body] of [
      ['fails', 'exit 1'],
      ['is killed', 'kill -9 $$'],
    ] as const)
      t.test(`the engine ${what}: dracut's own script is back, and queued`, async (t) => {
        const box = new DracutSandbox(t, shell);
        box.array('md127', ROOT_ARRAY, inactive);
        box.engine(body);
        const { output } = await box.stage('await');
        t.match(output, /^reliable-raid: the boot engine ended with status/m);
        t.match(output, /left to dracut's own script/);
        t.equal((await box.stage('start')).output, 'dracut starts\n');
        t.match(box.calls().at(-1), /^initqueue --timeout --name 50-mdraid_start --onetime --unique /);
        t.same([box.isHeld(), box.awaitsArray()], [false, true], 'as without us');
        t.match((await box.stage('await')).output, '', 'only once');
      });

    for (const [what, more, named] of [
      ['', '', false],
      [', and only those that other arguments name', ' rd.md.uuid=1:2:3:4', true],
    ] as const)
      t.test(
        `the list was not enough: dracut's rule gets all arrays${what}, and the engine looks again`,
        async (t) => {
          const box = new DracutSandbox(t, shell);
          box.array('md127', ROOT_ARRAY, inactive);
          box.write('proc/cmdline', `root=/dev/md9${more}\n`);
          box.write(OWN_ARGUMENTS, `rd.md.uuid=${ROOT_ARRAY}\n`);
          box.write(RULE, 'narrowed\n');
          box.write(KEPT, 'whole\n');
          box.write(`${HOOKS}/pre-trigger/30-parse-md.sh`, `echo parse-md >>"${box.root}/calls"\n`);
          box.engine(`[ ! -e "$ROOT/${OWN_ARGUMENTS}" ] || exit 4`);
          const { output } = await box.stage('await');
          t.match(output, /^reliable-raid: root is still not there: arrays .* not list/);
          t.equal(box.engineCalls().length, 2);
          t.match(box.calls().slice(2), [
            /^engine boot --stage before-passphrase/,
            ...(named ? ['parse-md'] : []),
            /^udevadm control --reload/,
            /^udevadm trigger --action=add -s block/,
            /^udevadm settle/,
            /^engine boot --stage before-passphrase/,
          ]);
          t.equal(box.read(RULE), 'whole\n');
          t.same([box.isHeld(), box.has(OWN_ARGUMENTS)], [false, false]);
        },
      );

    t.test('nor were all arrays: dracut has its way', async (t) => {
      const box = new DracutSandbox(t, shell);
      box.array('md127', ROOT_ARRAY, running);
      box.write(OWN_ARGUMENTS, `rd.md.uuid=${ROOT_ARRAY}\n`);
      await box.stage('release');
      box.engine('exit 4');
      box.write(`${RUN}/discovery`, '0.50\n');
      const { output } = await box.stage('look');
      t.equal(box.engineCalls().length, 2);
      t.match(output, /not list[\s\S]*left to dracut's own script/);
      t.notOk(box.isHeld());
      await box.stage('look');
      t.equal(box.engineCalls().length, 2, 'only once');
    });

    t.test(
      "rd.auto=1: while the list is enough dracut's rule stays as narrow, and the engine's end widens it",
      async (t) => {
        const box = new DracutSandbox(t, shell);
        box.array('md127', ROOT_ARRAY, inactive);
        box.write('proc/cmdline', 'root=/dev/md0 rd.auto=1\n');
        box.write(OWN_ARGUMENTS, '');
        box.write(LISTED_ONLY, '');
        await box.stage('await');
        t.ok(box.has(OWN_ARGUMENTS) && box.has(LISTED_ONLY));
        box.engine('exit 1');
        await box.stage('release');
        box.write(`${RUN}/pending`, 'held\n');
        box.write(LISTED_ONLY, '');
        box.write(KEPT, 'whole\n');
        mkdirSync(dirname(join(box.root, RULE)), { recursive: true });
        linkSync(join(box.root, KEPT), join(box.root, RULE));
        await box.stage('await');
        t.notOk(box.has(OWN_ARGUMENTS) || box.has(LISTED_ONLY));
        t.equal(box.read(RULE), 'whole\n', 'dracut had linked the two');
      },
    );

    t.test("dracut's loop: held while pending, whatever rd.retry= says; then at its end", async (t) => {
      for (const [retry, count] of [
        [0, 9],
        [1, 9],
        [5, 30],
        [180, 250],
      ] as const) {
        const box = new DracutSandbox(t, shell);
        t.match(
          await box.turns(retry, count),
          { output: `timeouts 0, turns ${count}\n` },
          `rd.retry=${retry}`,
        );
        box.write(`${RUN}/handed-over`, '');
        await box.stage('release');
        box.write(`${RUN}/handed-over`, '');
        const { output } = await box.turns(retry, count + 12);
        t.ok(Number(/turns (\d+)/.exec(output)?.[1]) < 12, `rd.retry=${retry}: ${output}`);
      }
    });

    t.test('root does not come after that: the engine looks beyond its list, once', async (t) => {
      const box = new DracutSandbox(t, shell);
      box.program('usr/lib/reliable-raid/boot-hook', 'echo "boot-hook $*" >>"$ROOT/calls"');
      await box.turns(180, 50);
      t.same(box.calls(), []);
      await box.stage('release');
      await box.turns(180, 5);
      t.same(box.calls(), []);
      await box.turns(180, 20);
      t.same(box.calls(), ['boot-hook look']);
      await box.turns(180, 20);
      t.same(box.calls(), ['boot-hook look']);
    });

    t.test('a damaged image: the list is gone', async (t) => {
      const box = new DracutSandbox(t, shell);
      box.listed();
      t.match((await box.stage('await')).output, /arrays is missing or empty\./);
      t.notOk(box.isHeld());
    });

    t.test('the script itself was killed: what ends it says so', async (t) => {
      const box = new DracutSandbox(t, shell);
      t.match((await box.stage('ended')).output, /the boot script was killed/);
      t.notOk(box.isHeld());
      t.match((await box.stage('ended')).output, '');
    });

    t.test("dracut's time is up: nothing while the engine decides, then the engine once more", async (t) => {
      const box = new DracutSandbox(t, shell);
      await box.stage('start');
      t.same(box.engineCalls(), []);
      await box.stage('release');
      box.engine('exit 4');
      const { output } = await box.stage('start');
      t.same(box.engineCalls(), ['engine boot --stage all --limit-ms 60000 --root /dev/md0']);
      t.match(output, /root is still not there[\s\S]*left to dracut's own script[\s\S]*dracut starts/);
    });
    t.end();
  });
}
