/** A machine of Debian as apt sees it: its own lists, sources, trusted keys and installed packages, in a folder; the host's stay as they are. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Said {
  readonly status: number | null;
  readonly text: string;
}

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}

export class MachineWithApt {
  readonly folder: string;
  private readonly architecture: string;

  constructor(folder: string, architecture: string) {
    this.folder = folder;
    this.architecture = architecture;
    for (const place of ['lists/partial', 'cache/archives/partial', 'home', 'none'])
      mkdirSync(join(folder, place), { recursive: true });
    this.installs([]);
    const none = `${folder}/none`;
    const settings = {
      'Dir::State': folder,
      'Dir::State::Lists': `${folder}/lists`,
      'Dir::State::Status': `${folder}/status`,
      'Dir::State::Extended_States': `${folder}/extended_states`,
      'Dir::Cache': `${folder}/cache`,
      'Dir::Log': folder,
      'Dir::Etc::SourceList': `${folder}/sources.list`,
      'Dir::Etc::SourceParts': none,
      'Dir::Etc::Main': `${none}/file`,
      'Dir::Etc::Parts': none,
      'Dir::Etc::Preferences': `${none}/file`,
      'Dir::Etc::PreferencesParts': none,
      'Dir::Etc::Trusted': `${none}/file`,
      'Dir::Etc::TrustedParts': none,
      'APT::Architecture': architecture,
      'APT::Sandbox::User': '',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
    writeFileSync(join(folder, 'apt.conf'), `${lines.join('')}APT::Architectures { "${architecture}"; };\n`);
  }

  /** One line, as it stands in a sources.list. */
  trusts(line: string): void {
    writeFileSync(join(this.folder, 'sources.list'), `${line}\n`);
  }

  installs(packages: readonly InstalledPackage[]): void {
    const records = packages.map(
      ({ name, version }) =>
        `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\nArchitecture: ${this.architecture}\nMaintainer: nobody\nDescription: none\n`,
    );
    writeFileSync(join(this.folder, 'status'), records.join('\n'));
  }

  /** Such as `apt-get update`. */
  runs(program: string, ...args: readonly string[]): Said {
    const run = spawnSync(program, args, {
      cwd: join(this.folder, 'home'),
      env: { ...process.env, APT_CONFIG: join(this.folder, 'apt.conf'), LC_ALL: 'C' },
      encoding: 'utf8',
    });
    return { status: run.status, text: `${run.stdout}${run.stderr}` };
  }

  /** The version that it would install. */
  candidate(name: string): string | undefined {
    return /Candidate: (\S+)/.exec(this.runs('apt-cache', 'policy', name).text)?.[1];
  }

  downloaded(file: string): Buffer {
    return readFileSync(join(this.folder, 'home', file));
  }
}
