import { constants } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { execa } from 'execa';
import { createTransport } from 'nodemailer';
import { messageOf } from '../../app/why-it-failed.ts';
import type { Mail, NoticeWays, SmtpServer } from '../../ports/notice-ways.ts';
import { SEARCH_PATH } from './runner.ts';

const MAX_PASSWORD_BYTES = 4096;
/** Read of an answer, so that a server that never ends one costs nothing. */
const MAX_ANSWER_CHARS = 200;

const TONE_HZ = 880;
const TONE_MS = 250;

/** Ways out through Node: programs with an input, HTTP, SMTP. */
export class NodeNoticeWays implements NoticeWays {
  async feed(argv: readonly [string, ...string[]], input: string, timeoutMs: number): Promise<string | null> {
    const [file, ...args] = argv;
    const result = await execa(file, args, {
      input,
      reject: false,
      extendEnv: false,
      env: { PATH: SEARCH_PATH, LC_ALL: 'C' },
      timeout: timeoutMs,
      forceKillAfterDelay: 1000,
      maxBuffer: 64 * 1024,
    });
    if (!result.failed) return null;
    if (result.timedOut) return `${file} did not end within ${timeoutMs / 1000} s`;
    const said = String(result.stderr ?? '').trim();
    return said === '' ? `${file}: ${result.shortMessage ?? 'failed'}` : `${file}: ${said}`;
  }

  async post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    timeoutMs: number,
  ): Promise<string | null> {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      // A redirect would carry the token elsewhere.
      const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
      await answer.body?.cancel();
      return answer.ok
        ? null
        : `the server answered ${answer.status} ${answer.statusText}`.slice(0, MAX_ANSWER_CHARS);
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
      return `${messageOf(error)}${cause}`.slice(0, MAX_ANSWER_CHARS);
    }
  }

  async sendMail(server: SmtpServer, mail: Mail, timeoutMs: number): Promise<string | null> {
    const password = server.passwordFile === null ? null : await readPassword(server.passwordFile);
    if (password !== null && 'why' in password) return password.why;
    const own = server.caFile === null ? null : await readCertificates(server.caFile);
    if (own !== null && 'why' in own) return own.why;
    const transport = createTransport({
      ...{ host: server.host, port: server.port, secure: server.security === 'tls' },
      ...{ requireTLS: server.security === 'starttls', ignoreTLS: server.security === 'none' },
      ...{
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        dnsTimeout: timeoutMs,
      },
      ...(own === null ? {} : { tls: { ca: [...rootCertificates, own.text] } }),
      // A notice has no files, and nothing in it may make one be read.
      ...{ disableFileAccess: true, disableUrlAccess: true },
      ...(server.user === null || password === null
        ? {}
        : { auth: { user: server.user, pass: password.text } }),
    });
    const { from, to, subject, body, headers } = mail;
    let timer: NodeJS.Timeout | undefined;
    try {
      // A server that sends a word now and then keeps every other time limit from ending.
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not done within ${timeoutMs / 1000} s`)), timeoutMs);
      });
      await Promise.race([transport.sendMail({ from, to: [...to], subject, text: body, headers }), late]);
      return null;
    } catch (error) {
      return messageOf(error).slice(0, MAX_ANSWER_CHARS);
    } finally {
      clearTimeout(timer);
      transport.close();
    }
  }

  async beep(device: string, toneCount: number): Promise<string | null> {
    try {
      // Never made where it is missing, and never waited for.
      const speaker = await open(device, constants.O_WRONLY | constants.O_NONBLOCK);
      try {
        for (let tone = 0; tone < toneCount; tone++) {
          await speaker.write(toneEvent(TONE_HZ));
          await pause(TONE_MS);
          await speaker.write(toneEvent(0));
          await pause(TONE_MS);
        }
      } finally {
        await speaker.close();
      }
      return null;
    } catch (error) {
      return messageOf(error).slice(0, MAX_ANSWER_CHARS);
    }
  }
}

const EV_SND = 0x12;
const SND_TONE = 2;

/** A `struct input_event` of linux/input.h, 64 bits: the kernel sets the time. 0 Hz is silence. */
function toneEvent(hz: number): Uint8Array {
  const event = Buffer.alloc(24);
  event.writeUInt16LE(EV_SND, 16);
  event.writeUInt16LE(SND_TONE, 18);
  event.writeInt32LE(hz, 20);
  return event;
}

const MAX_CERTIFICATES_BYTES = 1024 * 1024;

async function readCertificates(path: string): Promise<{ readonly text: string } | { readonly why: string }> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return { why: `${path}: not a regular file` };
    if (found.size > MAX_CERTIFICATES_BYTES) return { why: `${path}: too long for certificates` };
    const text = await readFile(path, 'utf8');
    return text.includes('-----BEGIN CERTIFICATE-----')
      ? { text }
      : { why: `${path}: no certificate in it (PEM)` };
  } catch (error) {
    return { why: messageOf(error) };
  }
}

/** A password that others can read is none. */
async function readPassword(path: string): Promise<{ readonly text: string } | { readonly why: string }> {
  try {
    const found = await stat(path);
    const { mode, size } = found;
    // Another kind may never end, or never begin.
    if (!found.isFile()) return { why: `${path}: not a regular file` };
    if ((mode & 0o077) !== 0) return { why: `${path}: others may read it; chmod 600 ${path}` };
    if (size > MAX_PASSWORD_BYTES) return { why: `${path}: too long for a password` };
    return { text: (await readFile(path, 'utf8')).replace(/\r?\n$/, '') };
  } catch (error) {
    return { why: messageOf(error) };
  }
}
