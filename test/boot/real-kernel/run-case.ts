import { readFileSync } from 'node:fs';
import { runUnderUml } from '../guest/uml.ts';
import type { RealCase } from './cases.ts';

export interface CaseRun {
  /** What `resolve --json` printed in the guest. */
  readonly watchlist: string;
  /** Exit status of `resolve`, and what it said. */
  readonly status: number;
  readonly stderr: string;
  /** What the set-up said. */
  readonly setUp: string;
  /** The recording, by file name. */
  readonly recording: Readonly<Record<string, string>>;
}

const recorder = readFileSync(new URL('record-machine', import.meta.url), 'utf8');

const tools = `
md() { # NAME LEVEL METADATA MEMBER... [OPTION...]
  array=$1 level=$2 metadata=$3; shift 3
  count=0; for word in "$@"; do case $word in -*) ;; *) count=$((count + 1)) ;; esac; done
  yes | mdadm --create /dev/$array --run --level=$level --raid-devices=$count --metadata=$metadata "$@"
  udevadm settle
}
fs() { mkfs.ext4 -q -F -L $2 $1; udevadm settle; }
luks() {
  printf secret | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 $1 -
  printf secret | cryptsetup open $1 $2 -
  udevadm settle
}
`;

/** Sets the case up under user-mode Linux and resolves it there with the built program; a machine that shall be `kept` is recorded whole, else its arrays. */
export async function runCase(
  realCase: RealCase,
  program: string,
  suite: string,
  kept: boolean,
): Promise<CaseRun> {
  const { resume, root, under = '' } = realCase;
  const whose = root === undefined ? '--fstab /run/job/fstab' : `--root ${root}`;
  const asked = `${whose}${resume === undefined ? '' : ` --resume ${resume}`}`;
  const { code, stderr, files } = await runUnderUml({
    ...(realCase.packages === undefined ? {} : { packages: realCase.packages }),
    suite,
    disks: Array.from({ length: realCase.disks }, () => ({ size: '120M' })),
    input: [program],
    files: { 'record-machine': recorder, fstab: fstabOf(realCase) },
    timeoutSeconds: 180,
    script: `. /run/job/prepare >/dev/null 2>&1
${tools}
{ ${realCase.setup}
} </dev/null >out/setup.log 2>&1
udevadm settle
for array in /sys/block/md*; do mdadm --wait /dev/\${array##*/} >/dev/null 2>&1; done
${root === undefined ? '' : `mkdir -p ${root}/etc; cp /run/job/fstab ${root}/etc/fstab`}
${under} /run/job/input/reliable-raid resolve --json ${asked} >out/watchlist.json 2>out/resolve.err
echo $? >out/resolve.status
mkdir /tmp/recording
( into=/tmp/recording kept=${kept ? 'yes' : 'no'}; . /run/job/record-machine ) 2>out/record.err
for file in /tmp/recording/*; do cp "$file" "out/recording-\${file##*/}"; done`,
  });
  const status = Number(files['resolve.status'] ?? Number.NaN);
  if (code !== 0 || Number.isNaN(status))
    throw new Error(
      `${realCase.name}: the script ended with ${code}\n${stderr}\n${files['setup.log'] ?? ''}`,
    );
  const recording = Object.fromEntries(
    Object.entries(files).flatMap(([name, text]) =>
      name.startsWith('recording-') ? [[name.slice('recording-'.length), text] as const] : [],
    ),
  );
  return {
    watchlist: files['watchlist.json'] ?? '',
    status,
    stderr: files['resolve.err'] ?? '',
    setUp: files['setup.log'] ?? '',
    recording,
  };
}

export const fstabOf = ({ fstab }: RealCase): string =>
  `${fstab
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join('\n')}\n`;
