// The units of the running system, enabled as their own words say: systemd finds an order for all of them.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { ROOT } from '../../tools/project.ts';

const EARLY = '[Unit]\nDefaultDependencies=no\n';
const EARLY_SERVICE = `${EARLY}Before=sysinit.target\n[Service]\nType=oneshot\nExecStart=/bin/true\n[Install]\nWantedBy=sysinit.target\n`;

/** What systemd and udev bring, as far as the order goes. */
const NEIGHBOURS: Readonly<Record<string, string>> = {
  'systemd-udevd.service': EARLY_SERVICE,
  'systemd-udev-trigger.service': EARLY_SERVICE,
  ...Object.fromEntries(
    ['sysinit', 'paths', 'timers', 'sockets', 'local-fs', 'shutdown', 'umount'].map((name) => [
      `${name}.target`,
      EARLY,
    ]),
  ),
  'blk-availability.service': `${EARLY}Before=shutdown.target\nConflicts=shutdown.target\n[Service]\nType=oneshot\nExecStart=/bin/true\n[Install]\nWantedBy=sysinit.target\n`,
  'mdmonitor.service': `${EARLY}[Service]\nType=oneshot\nExecStart=/bin/true\n`,
  'basic.target': `${EARLY}Requires=sysinit.target\nWants=paths.target timers.target\nAfter=sysinit.target paths.target\n`,
  'multi-user.target': '[Unit]\nRequires=basic.target\nAfter=basic.target\n',
};

const analyze = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' });
const canVerify = Number(/systemd (\d+)/.exec(analyze.stdout ?? '')?.[1] ?? 0) >= 250;

t.test('what records the arrays at shutdown does so before lvm2 stops them', (t) => {
  for (const name of ['ledger', 'images-last']) {
    const unit = readFileSync(join(ROOT, `systemd/reliable-raid-${name}.service`), 'utf8');
    // Stopped in the reverse order.
    t.match(unit, /^After=.*\bblk-availability\.service\b/m, name);
  }
  t.end();
});

t.test('all that they say stands in the journal under one identifier', (t) => {
  const services = readdirSync(join(ROOT, 'systemd')).filter((name) => name.endsWith('.service'));
  t.ok(services.length > 8);
  for (const name of services)
    t.match(readFileSync(join(ROOT, 'systemd', name), 'utf8'), /^SyslogIdentifier=reliable-raid$/m, name);
  t.end();
});

t.test('no unit is left out to break a circle', { skip: canVerify ? false : 'no systemd-analyze' }, (t) => {
  const root = mkdtempSync(join(tmpdir(), 'reliable-raid-system-units-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  const put = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode });
  };
  const units = 'usr/lib/systemd/system';
  for (const [name, text] of Object.entries(NEIGHBOURS)) put(`${units}/${name}`, text);
  const own = readdirSync(join(ROOT, 'systemd')).filter((name) => /\.(service|path|timer)$/.test(name));
  for (const name of own) {
    const text = readFileSync(join(ROOT, 'systemd', name), 'utf8');
    put(`${units}/${name}`, text);
    for (const [, program = ''] of text.matchAll(/^Exec\w+=[-@+!]*(\/\S+)/gm))
      put(program, '#!/bin/sh\n', 0o755);
  }
  put('bin/true', '#!/bin/sh\n', 0o755);
  const enabled = [...own, ...Object.keys(NEIGHBOURS)].filter(
    (name) => !name.includes('@') && readFileSync(join(root, units, name), 'utf8').includes('[Install]'),
  );
  mkdirSync(join(root, 'etc/systemd/system'), { recursive: true });
  execFileSync('systemctl', [`--root=${root}`, '--quiet', 'enable', ...enabled], { stdio: 'pipe' });
  const verified = spawnSync(
    'systemd-analyze',
    ['verify', '--man=no', `--root=${root}`, 'multi-user.target'],
    { encoding: 'utf8' },
  );
  t.equal(`${verified.stdout}${verified.stderr}`, '');
  t.equal(verified.status, 0);
  t.end();
});

// The boot is done when its jobs are: who waits for more to come waits in its own process.
t.test('no unit waits as a job of the boot', async (t) => {
  for (const name of readdirSync(join(ROOT, 'systemd')).filter((one) => one.endsWith('.service'))) {
    const text = readFileSync(join(ROOT, 'systemd', name), 'utf8');
    t.notMatch(text, /^ExecStartPre=.*\bsleep\b/m, name);
    if (/\bsleep\b/.test(text)) t.match(text, /^Type=exec$/m, name);
  }
});
