import { escapeForConsole } from '../../text/escape-console.ts';
import { escapeMarkup } from '../../text/escape-markup.ts';

/** A piece of a page: every text in it is escaped. Only `markup` makes one. */
export interface Markup {
  readonly html: string;
}

type Part = string | number | Markup | readonly Markup[];

/** A piece of a page around texts, which are escaped, and other pieces. */
export const markup = (literal: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  html: literal.reduce((page, text, index) => `${page}${htmlOf(parts[index - 1] ?? '')}${text}`),
});

const htmlOf = (part: Part): string =>
  typeof part === 'object'
    ? 'html' in part
      ? part.html
      : part.map(({ html }) => html).join('')
    : escapeMarkup(visible(String(part)));

/** What is ASCII and printable stays: that has been made safe already. All else is shown as its number. */
const visible = (text: string): string => text.replace(/[^\x20-\x7e]/gu, (char) => escapeForConsole(char));
