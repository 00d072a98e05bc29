/** How the page looks: light and dark, on a phone (360 px) and on paper. No font, picture or script from anywhere. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --bg: #ffffff; --fg: #1b1f23; --soft: #57606a; --line: #d0d7de; --card: #f6f8fa;
  --good: #116329; --care: #7d4e00; --bad: #a40e26; }
@media (prefers-color-scheme: dark) {
  :root { --bg: #0d1117; --fg: #e6edf3; --soft: #9da7b3; --line: #30363d; --card: #161b22;
    --good: #56d364; --care: #e3b341; --bad: #ff7b72; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--bg); color: var(--fg);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .75rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; }
code, .mono { font-family: ui-monospace, monospace; font-size: .9em; }
.soft { color: var(--soft); }
.good { color: var(--good); } .care { color: var(--care); } .bad { color: var(--bad); } .plain { color: inherit; }
.card { border: 1px solid var(--line); border-left-width: .3rem; border-radius: .4rem; background: var(--card);
  padding: .6rem .8rem; margin: 0 0 .75rem; }
.card.good { border-left-color: var(--good); } .card.care { border-left-color: var(--care); }
.card.bad { border-left-color: var(--bad); } .card > * { color: var(--fg); }
.card .mark { font-weight: 600; }
.card.good .mark { color: var(--good); } .card.care .mark { color: var(--care); } .card.bad .mark { color: var(--bad); }
.beside { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 2rem; }
@media (min-width: 60rem) { .beside { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
ol.time { list-style: none; margin: .5rem 0 0; padding: 0; }
ol.time li { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); gap: .75rem; }
ol.time .at { text-align: right; color: var(--soft); font-variant-numeric: tabular-nums; }
@media (max-width: 30rem) { ol.time li { grid-template-columns: 3.6rem minmax(0, 1fr); gap: .6rem; padding: .1rem 0; } }
ul { margin: 0; padding: 0; list-style: none; }
ul.tree { margin-bottom: .75rem; }
ul.tree ul { margin-left: .45rem; padding-left: .9rem; border-left: 1px solid var(--line); }
ul.tree li { padding: .1rem 0; }
.kind { display: inline-block; min-width: 4rem; color: var(--soft); font-size: .85em; }
.missing > .kind, .missing > .label { color: var(--bad); }
ol.stages { display: flex; flex-wrap: wrap; gap: .25rem .35rem; list-style: none; margin: .25rem 0 .4rem; padding: 0; font-size: .8em; }
ol.stages li { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; }
ol.stages li.bad { font-weight: 600; } ol.stages li.unreached { color: var(--line); border-style: dashed; }
.finding { margin-top: .5rem; }
@media print {
  :root { color-scheme: light; --bg: #ffffff; --fg: #000000; --soft: #444444; --line: #999999; --card: #ffffff;
    --good: #0b4a1e; --care: #5c3a00; --bad: #8a0018; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .card, ol.time li, ul.tree li > .label { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
@page { margin: 15mm; }
`;
