/** The key that signs a release: found among the secret keys of the caller's gpg (GNUPGHOME), used, and given out. */
import { execa } from 'execa';
import { ToolError } from '../project.ts';

export class SigningKey {
  readonly fingerprint: string;

  private constructor(fingerprint: string) {
    this.fingerprint = fingerprint;
  }

  /** `name` as gpg takes it: a fingerprint, the digits at its end, an address. It must mean one key. */
  static async find(name: string): Promise<SigningKey> {
    const args = ['--batch', '--with-colons', '--list-secret-keys', '--', name];
    const run = await execa('gpg', args, { stdin: 'ignore', reject: false });
    if (run.code === 'ENOENT')
      throw new ToolError(
        'gpg is not installed: it signs the repository',
        'sudo apt-get install gpg gpg-agent',
      );
    const keys = run.failed ? [] : secretKeys(run.stdout);
    const [key] = keys;
    if (key === undefined)
      throw new ToolError(
        `gpg has no secret key "${name}": ${lastWord(run.stderr)}`,
        'gpg --list-secret-keys shows those it has; GNUPGHOME=FOLDER names another folder of keys',
      );
    if (keys.length > 1)
      throw new ToolError(
        `"${name}" means ${keys.length} secret keys: ${keys.map(({ fingerprint }) => fingerprint).join(', ')}`,
        `npm run release -- --key ${key.fingerprint}`,
      );
    if (!key.signs)
      throw new ToolError(
        `the key ${key.fingerprint} cannot sign: it is expired, revoked, or made for something else`,
        `gpg --list-secret-keys ${key.fingerprint} says which; name another with --key`,
      );
    return new SigningKey(key.fingerprint);
  }

  /** The signed text and the signature in one file. */
  async signInside(file: string, output: string): Promise<void> {
    await this.sign(['--clearsign', '--output', output, file]);
  }

  async signBeside(file: string, output: string): Promise<void> {
    await this.sign(['--detach-sign', '--armor', '--output', output, file]);
  }

  /** What others need to check a signature, and nothing of what they have said about the key. */
  async publicKey(): Promise<string> {
    const args = ['--batch', '--armor', '--export-options', 'export-minimal', '--export', this.fingerprint];
    const run = await execa('gpg', args, { stdin: 'ignore', stripFinalNewline: false, reject: false });
    if (run.failed || run.stdout === '')
      throw new ToolError(
        `gpg does not give out the public key ${this.fingerprint}: ${lastWord(run.stderr)}`,
      );
    return run.stdout;
  }

  private async sign(args: readonly string[]): Promise<void> {
    const how = ['--batch', '--yes', '--digest-algo', 'SHA512', '--local-user', this.fingerprint];
    // Whoever has locked the key is asked by gpg's own program on this terminal.
    const run = await execa('gpg', [...how, ...args], { stdin: 'inherit', reject: false });
    if (run.failed)
      throw new ToolError(
        `gpg did not sign with ${this.fingerprint}: ${lastWord(run.stderr)}`,
        'if it could not ask for the passphrase: export GPG_TTY=$(tty), then again',
      );
  }
}

/** The reason; what comes before it is about folders and agents. */
const lastWord = (text: string): string =>
  text
    .trim()
    .split('\n')
    .at(-1)
    ?.replace(/^gpg: /, '') || 'it does not say why';

interface SecretKey {
  readonly fingerprint: string;
  readonly signs: boolean;
}

/** Of gpg's list: `sec` begins a key, the `fpr` after it is its own, and a capital S says that a part of it may sign now. */
function secretKeys(list: string): readonly SecretKey[] {
  const records = list.split('\n').map((line) => line.split(':'));
  return records.flatMap((record, index) => {
    if (record[0] !== 'sec') return [];
    const fingerprint = records.slice(index).find(([kind]) => kind === 'fpr')?.[9];
    return fingerprint === undefined ? [] : { fingerprint, signs: record[11]?.includes('S') ?? false };
  });
}
