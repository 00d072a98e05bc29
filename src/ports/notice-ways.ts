/** How a mail server is reached. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `starttls` and `tls` refuse a server without; `none` is for the machine itself and its own network. */
  readonly security: 'starttls' | 'tls' | 'none';
  readonly user: string | null;
  /** A file that only its owner can read, or a credential of systemd. */
  readonly passwordFile: string | null;
  /** Who may vouch for the server besides the authorities that everybody trusts: certificates, PEM. */
  readonly caFile: string | null;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
  /** For other programs to tell it by: name and value, both ASCII. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Ways out of the machine that the other ports do not have. Each gives null, or why it failed; none takes longer than told. */
export interface NoticeWays {
  /** Starts a program and gives it a text to read; no shell. */
  feed(argv: readonly [string, ...string[]], input: string, timeoutMs: number): Promise<string | null>;
  /** A POST of plain text. */
  post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    timeoutMs: number,
  ): Promise<string | null>;
  sendMail(server: SmtpServer, mail: Mail, timeoutMs: number): Promise<string | null>;
  /** So many short tones of a speaker, by its input device (EV_SND). */
  beep(device: string, toneCount: number): Promise<string | null>;
}
