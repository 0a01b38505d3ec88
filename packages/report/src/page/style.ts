/** The style sheet of a page. Runs have Okabe and Ito's colours (2008), darker on white, lighter on black. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f6f7f9; --card: #fff; --ink: #1a1d21; --soft: #565d66; --line: #d9dde2;
  --right: #0072b2; --wrong: #e06000; --focus: #0058c4;
  --run-1: #0072b2; --run-2: #c04f00; --run-3: #007a59; --run-4: #a8487d; --run-5: #8a6100; --run-6: #333;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #101214; --card: #191c20; --ink: #e8eaed; --soft: #a9b1bb; --line: #343a41;
    --right: #56b4e9; --wrong: #f08a3c; --focus: #7ab8ff;
    --run-1: #56b4e9; --run-2: #f08a3c; --run-3: #2fc79b; --run-4: #df9cc2; --run-5: #e6b035; --run-6: #ddd;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 74rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
main:focus { outline: none; }
.skip { position: absolute; left: -100rem; }
.skip:focus { position: static; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 1rem 0 0; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; }
p { margin: 0 0 0.75rem; max-width: 46rem; color: var(--soft); }
.wide { overflow-x: auto; }
section > .wide, figure { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; }
section > .wide { padding: 0.5rem 0.75rem; width: fit-content; max-width: 100%; }
table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: 0.25rem; }
caption span { position: sticky; left: 0; display: inline-block; max-width: min(46rem, 100vw - 4rem); }
tr > :first-child { position: sticky; left: 0; background: var(--card); }
th, td { padding: 0.3rem 0 0.3rem 1rem; text-align: right; white-space: nowrap; }
th { font-weight: 600; }
thead th { font-weight: normal; color: var(--soft); }
tbody tr { border-top: 1px solid var(--line); }
th[scope="row"], th.text, td.text { text-align: left; }
tr > :first-child { padding-left: 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22.25rem), 1fr)); gap: 1rem; }
figure { margin: 0; padding: 0.75rem; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: 0.25rem; }
figure > svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
figure:has(> .wide > svg) { grid-column: 1 / -1; justify-self: start; max-width: 100%; }
img { width: 5.25rem; height: auto; image-rendering: pixelated; border-radius: 0.25rem; border: 1px solid var(--line); }
details { margin-top: 0.5rem; font-size: 0.875rem; }
summary { cursor: pointer; color: var(--soft); width: fit-content; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0.75rem 0; padding: 0; }
.legend li { display: flex; align-items: center; gap: 0.5rem; }
.mark { flex: none; }
@media print { figure { break-inside: avoid; } }
`;
