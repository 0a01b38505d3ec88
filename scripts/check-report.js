// Draws the page of a tiny distillation and opens it in Chromium, narrow and wide, light and dark: it must
// show the right numbers without scrolling sideways, need no network, and have no serious fault that axe
// finds. `npm run check:report -- FOLDER` keeps the page and its screenshots there.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from './browser/find-chromium.js';
import { temporaryFolder } from './lib/pack.js';
import { pageFaults } from './report/page-faults.js';
import { tinyRuns } from './report/tiny-runs.js';

const windows = [390, 1280].flatMap((width) =>
  ['light', 'dark'].map((colorScheme) => ({ width, colorScheme })),
);
const [kept] = process.argv.slice(2);

const executablePath = findChromium();
if (executablePath === undefined) console.log('skipped: no Chromium; apt-get install chromium');
else process.exitCode = (await isGood(executablePath)) ? 0 : 1;

/** Whether the page is good in every window. */
async function isGood(executablePath) {
  const folder = kept === undefined ? temporaryFolder() : resolve(kept);
  if (kept !== undefined) mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath });
  try {
    const drawn = await tinyRuns(folder);
    const inOrder = [drawn.notes.length === 0];
    for (const window of windows) {
      const name = `${window.width}-${window.colorScheme}`;
      const screenshot = kept === undefined ? undefined : join(folder, `${name}.png`);
      const faults = await pageFaults(browser, drawn, window, screenshot);
      console.log(`${faults.length === 0 ? 'ok    ' : 'FAULTY'} ${window.width} px, ${window.colorScheme}`);
      for (const fault of faults) console.log(`       ${fault}`);
      inOrder.push(faults.length === 0);
    }
    return inOrder.every(Boolean);
  } finally {
    await browser.close();
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
