/**
 * What bash, zsh and fish complete after `reliable-raid`, made of the table of commands while the package is built.
 * Nothing of it is taken from disks: an array's name may hold what a shell obeys, so that kernel names alone are offered.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CommandSpec, HOST_COMMANDS, type OptionSpec } from '../../src/cli/command-table.ts';

/** Where each lies below the folder that it is written to. */
export const COMPLETIONS: Readonly<Record<'bash' | 'zsh' | 'fish', string>> = {
  bash: 'completions/bash/reliable-raid',
  zsh: 'completions/zsh/_reliable-raid',
  fish: 'completions/fish/reliable-raid.fish',
};

/** What may stand where the table says such a word; what is not here is typed by hand. */
type Kind = 'file' | 'folder' | 'array' | 'disk' | 'generator';
const KINDS: Readonly<Record<string, Kind>> = {
  FILE: 'file',
  FOLDER: 'folder',
  ARRAY: 'array',
  DISK: 'disk',
  DEVICE: 'disk',
  NAME: 'generator',
};

const GENERATORS = 'initramfs-tools dracut';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const longest = ({ flag }: OptionSpec): string => `--${flag}`;
const HELP: OptionSpec = { flag: 'help', short: 'h', meaning: 'display help for command' };
const optionsOf = ({ options }: CommandSpec): readonly OptionSpec[] => [...options, HELP];

const BASH_KINDS: Readonly<Record<Kind, string>> = {
  file: 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur")',
  folder: 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur")',
  array: '_reliable_raid_arrays',
  disk: '[ -n "$cur" ] || cur=/dev/; compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur")',
  generator: `mapfile -t COMPREPLY < <(compgen -W '${GENERATORS}' -- "$cur")`,
};

export function bashCompletion(commands: readonly CommandSpec[] = HOST_COMMANDS): string {
  const takers = commands.flatMap(({ name, options }) =>
    options.flatMap(({ flag, value }) =>
      value === undefined ? [] : [{ option: `${name}:--${flag}`, kind: KINDS[value] }],
    ),
  );
  const values = takers.flatMap(({ option, kind }) =>
    kind === undefined ? [] : [`\t${option}) ${BASH_KINDS[kind]}; return ;;`],
  );
  const others = takers.flatMap(({ option, kind }) => (kind === undefined ? [option] : []));
  const operands = commands.flatMap(({ name, argument }) => {
    const kind = KINDS[argument?.name ?? ''];
    return kind === undefined ? [] : [`\t${name}) ${BASH_KINDS[kind]} ;;`];
  });
  return `# bash completion for reliable-raid(8)                          -*- shell-script -*-
# shellcheck shell=bash

_reliable_raid_arrays() {
	local path names=()
	for path in /sys/block/md*; do
		[[ \${path##*/} =~ ^md[A-Za-z0-9_-]+$ ]] && names+=("\${path##*/}")
	done
	mapfile -t COMPREPLY < <(compgen -W "\${names[*]}" -- "$cur")
}

_reliable_raid() {
	local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]} options
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W '${commands.map(({ name }) => name).join(' ')} help --help --version' -- "$cur")
		return
	fi
	case $command:$prev in
${values.join('\n')}
	${others.join(' | ')}) return ;;
	esac
	case $command in
${commands.map((command) => `\t${command.name}) options='${optionsOf(command).map(longest).join(' ')}' ;;`).join('\n')}
	help) options='${commands.map(({ name }) => name).join(' ')}' ;;
	*) return ;;
	esac
	if [ "$command" = help ] || [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
		return
	fi
	case $command in
${operands.join('\n')}
	esac
}

complete -F _reliable_raid reliable-raid
`;
}

const ZSH_KINDS: Readonly<Record<Kind, string>> = {
  file: '_files',
  folder: '_files -/',
  array: '_reliable_raid_arrays',
  disk: '_files -W /dev -P /dev/',
  generator: `(${GENERATORS})`,
};

/** For the parts of a specification of `_arguments` and `_describe`, which end at colons and brackets. */
const forZsh = (text: string): string => text.replace(/[:[\]\\]/g, '\\$&');

function zshOption(option: OptionSpec): string {
  const { flag, short, value, meaning, use } = option;
  const names = short === undefined ? [`--${flag}`] : [`-${short}`, `--${flag}`];
  const many = use === 'repeated' ? '*' : `(${names.join(' ')})`;
  const taken =
    value === undefined ? '' : `:${value}:${value in KINDS ? ZSH_KINDS[KINDS[value] ?? 'file'] : ' '}`;
  return names.map((name) => quoted(`${many}${name}[${forZsh(meaning)}]${taken}`)).join(' ');
}

function zshArgument({ argument }: CommandSpec): string {
  if (argument === undefined) return '';
  const kind = KINDS[argument.name];
  const action = kind === undefined ? ' ' : ZSH_KINDS[kind];
  return ` ${quoted(`${argument.count === 'any' ? '*' : '1'}:${argument.name}:${action}`)}`;
}

export function zshCompletion(commands: readonly CommandSpec[] = HOST_COMMANDS): string {
  return `#compdef reliable-raid

_reliable_raid_arrays() {
	local -a names
	names=(/sys/block/md*(N:t))
	compadd -a names
}

_reliable_raid() {
	local -a commands
	commands=(
${commands.map(({ name, summary }) => `\t\t${quoted(`${name}:${forZsh(summary)}`)}`).join('\n')}
		'help:display help for command'
	)
	if (( CURRENT == 2 )); then
		_describe -t commands command commands
		_arguments '--help[display help]' '--version[print the version]'
		return
	fi
	local command=$words[2]
	shift words
	(( CURRENT-- ))
	case $command in
${commands.map((command) => `\t${command.name}) _arguments ${optionsOf(command).map(zshOption).join(' ')}${zshArgument(command)} ;;`).join('\n')}
	help) _describe -t commands command commands ;;
	esac
}

_reliable_raid "$@"
`;
}

const FISH_KINDS: Readonly<Record<Kind, string>> = {
  file: '-F',
  folder: "-f -a '(__fish_complete_directories)'",
  array: "-f -a '(__reliable_raid_arrays)'",
  disk: "-f -a '(__fish_complete_suffix /dev/)'",
  generator: `-f -a '${GENERATORS}'`,
};

/** What a quoted word of fish takes for its own. */
const forFish = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

export function fishCompletion(commands: readonly CommandSpec[] = HOST_COMMANDS): string {
  const lines = commands.flatMap((command) => {
    const { name, summary, argument } = command;
    const within = `complete -c reliable-raid -n '__fish_seen_subcommand_from ${name}'`;
    const kind = argument === undefined ? undefined : KINDS[argument.name];
    return [
      `complete -c reliable-raid -n __fish_use_subcommand -a ${name} -d ${forFish(summary)}`,
      ...optionsOf(command).map(({ flag, short, value, meaning }) => {
        const letter = short === undefined ? '' : ` -s ${short}`;
        const taken =
          value === undefined ? '' : ` -r ${value in KINDS ? FISH_KINDS[KINDS[value] ?? 'file'] : '-f'}`;
        return `${within} -l ${flag}${letter}${taken} -d ${forFish(meaning)}`;
      }),
      ...(kind === undefined ? [] : [`${within} ${FISH_KINDS[kind]}`]),
    ];
  });
  return `# Completions for reliable-raid(8).

function __reliable_raid_arrays
    for path in /sys/block/md*
        basename $path
    end
end

complete -c reliable-raid -f
complete -c reliable-raid -n __fish_use_subcommand -l version -d 'print the version'
complete -c reliable-raid -n __fish_use_subcommand -l help -d 'display help'
${lines.join('\n')}
`;
}

/** The texts of all three, by their place. */
export const completions = (): readonly (readonly [path: string, text: string])[] => [
  [COMPLETIONS.bash, bashCompletion()],
  [COMPLETIONS.zsh, zshCompletion()],
  [COMPLETIONS.fish, fishCompletion()],
];

export async function writeCompletions(folder: string): Promise<void> {
  for (const [path, text] of completions()) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
