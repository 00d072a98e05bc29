import { parse } from 'smol-toml';
import * as v from 'valibot';
import { parseMdadmConf } from '../../core/parse/mdadm-conf.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import type { FactSources } from '../machine.ts';
import { etcFolder } from '../own-places.ts';
import { messageOf } from '../why-it-failed.ts';

const LINE = v.pipe(v.string(), v.regex(/^[\x20-\x7e]{1,512}$/, 'expected one line of ASCII'));
const PATH = v.pipe(v.string(), v.regex(/^\/[\x20-\x7e]{1,512}$/, 'expected a path that begins with /'));
const ADDRESS = v.pipe(v.string(), v.regex(/^[!-~]{1,254}$/, 'expected a mail address'));

/** /etc/reliable-raid/notify.toml. */
const SETTINGS = v.strictObject({
  journal: v.optional(v.boolean(), true),
  wall: v.optional(v.boolean(), true),
  motd: v.optional(v.boolean(), true),
  desktop: v.optional(v.boolean(), true),
  beep: v.optional(v.boolean(), false),
  mail_to: v.optional(v.array(ADDRESS)),
  mail_from: v.optional(LINE),
  smtp: v.optional(
    v.strictObject({
      host: v.pipe(v.string(), v.regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'expected a host name')),
      port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)), 587),
      security: v.optional(v.picklist(['starttls', 'tls', 'none']), 'starttls'),
      user: v.optional(LINE),
      password_file: v.optional(PATH),
      ca_file: v.optional(PATH),
    }),
  ),
  program: v.optional(PATH),
  url: v.optional(v.pipe(v.string(), v.regex(/^https?:\/\/[!-~]{1,2000}$/, 'expected an http or https URL'))),
});

export type ChannelSettings = v.InferOutput<typeof SETTINGS>;

/** Where a mail program may be, as mdadm looks for it. */
const SENDMAIL = ['/usr/sbin/sendmail', '/usr/lib/sendmail'];

/**
 * The settings, with mdadm.conf's MAILADDR and MAILFROM where they name none; a file that is wrong is told, and its defaults are in force.
 * Distributions write MAILADDR also where no mail program is: then nobody has asked for mail.
 */
export async function readChannelSettings({ files, paths }: Pick<FactSources, 'files' | 'paths'>): Promise<{
  readonly settings: ChannelSettings;
  /** Who gets mail stands in mdadm.conf only: mdmonitor.service writes to them too. */
  readonly sharesMdmonitorsMail: boolean;
  /** Each is one line, safe for a console. */
  readonly warnings: readonly string[];
}> {
  const path = `${etcFolder(paths)}/notify.toml`;
  const warnings: string[] = [];
  const read = await files.readTextOrReason(path);
  let settings = v.getDefaults(SETTINGS) as ChannelSettings;
  if ('text' in read) {
    const parsed = parsedSettings(read.text);
    if (typeof parsed === 'string') warnings.push(`${path}: ${escapeForConsole(parsed, 200)}; ignored`);
    else settings = parsed;
  } else if (read.reason !== 'missing')
    warnings.push(`${path}: ${escapeForConsole(read.detail, 200)}; ignored`);
  const text =
    (await files.readText(`${paths.etc}/mdadm/mdadm.conf`)) ??
    (await files.readText(`${paths.etc}/mdadm.conf`));
  const { mailTo, mailFrom } = parseMdadmConf(text ?? '');
  const inherited = mailTo !== null && v.is(ADDRESS, mailTo) ? [mailTo] : [];
  const programs = await Promise.all(SENDMAIL.map((program) => files.exists(program)));
  return {
    settings: {
      ...settings,
      mail_to: settings.mail_to ?? (settings.smtp !== undefined || programs.includes(true) ? inherited : []),
      ...fromOf(settings.mail_from ?? mailFrom),
    },
    sharesMdmonitorsMail: settings.mail_to === undefined && inherited.length > 0 && programs.includes(true),
    warnings,
  };
}

const fromOf = (from: string | null): Pick<ChannelSettings, 'mail_from'> =>
  from !== null && v.is(LINE, from) ? { mail_from: from } : {};

function parsedSettings(text: string): ChannelSettings | string {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (error) {
    return messageOf(error).split('\n', 1)[0] ?? '';
  }
  const result = v.safeParse(SETTINGS, raw);
  if (result.success) return result.output;
  const [issue] = result.issues;
  return `${v.getDotPath(issue) ?? ''}: ${issue.message}`;
}
