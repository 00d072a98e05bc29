import fc from 'fast-check';
import { test } from 'tap';
import { PAGE_STYLE } from '../../../../src/core/render/report/page-style.ts';
import { renderReportHtml } from '../../../../src/core/render/report/report-html.ts';
import { hostileNames, machineReport, PLAIN_NAMES } from '../../../support/machine-reports.ts';

/** Every tag that a page of ours has, with its attributes. */
const TAG =
  /<(?:\/?(?:html|head|title|style|body|header|main|section|article|h1|h2|h3|p|ol|ul|li|span|div|code)|!DOCTYPE html|html lang="en"|meta (?:charset="utf-8"|name="(?:viewport|referrer)" content="[a-z0-9=, -]+"|http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'")|(?:p|article|ol|ul|li|span|div) class="[a-z ]+")>/g;

const textsOf = (page: string): string => page.replace(PAGE_STYLE, '').replace(TAG, '\n');

test('one page with boots, the tree and each disk that may be missing', async (t) => {
  const page = renderReportHtml(machineReport());
  t.match(page, /^<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">/);
  for (const words of [
    'this boot, ',
    'no wait',
    '>mount</span>',
    'Without sda',
    'The boot stops.',
    'The machine comes up.',
  ])
    t.ok(page.includes(words), words);
  const opened = (name: string) => page.match(new RegExp(`<${name}[ >]`, 'g'))?.length ?? 0;
  for (const name of ['section', 'article', 'div', 'ul', 'ol', 'li', 'p', 'span'])
    t.equal(opened(name), page.match(new RegExp(`</${name}>`, 'g'))?.length ?? 0, `each ${name} is closed`);
});

test('nothing comes from outside, nothing runs', async (t) => {
  const page = renderReportHtml(machineReport());
  t.notMatch(page, /<(?:script|link|img|iframe|object|base|form)|https?:|url\(|@import|\bon[a-z]+=/i);
});

test('light, dark, a phone and paper', async (t) => {
  for (const words of [
    'prefers-color-scheme: dark',
    'color-scheme: light dark',
    '@media print',
    'overflow-wrap: anywhere',
  ])
    t.ok(PAGE_STYLE.includes(words), words);
  // No part has a width that a screen of 360 px lacks: only columns of its own, and those for wide screens.
  t.notMatch(PAGE_STYLE, /(?<![a-z-])width:|min-width: (?!60rem|4rem)/);
  t.match(renderReportHtml(machineReport()), 'content="width=device-width, initial-scale=1"');
});

test('no name leaves a tag, an entity, a quote or a control byte of its own', async () => {
  fc.assert(
    fc.property(hostileNames, (names) => {
      const texts = textsOf(renderReportHtml(machineReport(names)));
      return (
        /^[\x20-\x7e\n]*$/.test(texts) && !/[<>"']/.test(texts) && !/&(?!(?:amp|lt|gt|quot|#39);)/.test(texts)
      );
    }),
    { numRuns: 60 },
  );
});

test('what is not known is said', async (t) => {
  const page = renderReportHtml(
    machineReport(PLAIN_NAMES, { list: null, nextBoot: null, warnings: ['a <why>'] }),
  );
  t.equal(page.match(/Not known; see the warnings/g)?.length, 2);
  t.match(page, '<li>a &lt;why&gt;</li>');
});
