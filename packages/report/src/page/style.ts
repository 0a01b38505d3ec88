/** The style sheet of a page. Runs have Okabe and Ito's colours (2008), darker on white, lighter on black. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1a1a1a; --line: #ccc;
  --run-1: #0072b2; --run-2: #c04f00; --run-3: #007a59; --run-4: #a8487d; --run-5: #8a6100; --run-6: #333;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c; --ink: #e6e6e6; --line: #444;
    --run-1: #56b4e9; --run-2: #f08a3c; --run-3: #2fc79b; --run-4: #df9cc2; --run-5: #e6b035; --run-6: #ddd;
  }
}
body { margin: 2rem auto; max-width: 64rem; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; margin-bottom: 0.5rem; }
th, td { padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid var(--line); text-align: right; }
td { white-space: nowrap; }
th[scope="row"], th.text, td.text { text-align: left; }
.charts { display: flex; flex-wrap: wrap; gap: 1.5rem; }
figure { margin: 0; max-width: 100%; }
figcaption { font-weight: 600; }
svg { max-width: 100%; height: auto; }
`;
