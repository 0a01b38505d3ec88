import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { seenOnPage } from './seen-on-page.js';

/** The faults of a page that shows these numbers, in a window of some width, light or dark. */
export async function pageFaults(browser, { file, numbers }, { width, colorScheme }, screenshot) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const [logged, requests] = [[], []];
  page.on('console', (message) => logged.push(message.text()));
  page.on('pageerror', (error) => logged.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  try {
    const address = pathToFileURL(file).href;
    await page.goto(address);
    if (screenshot !== undefined) await page.screenshot({ path: screenshot, fullPage: true });
    const skips = await skipsByKeyboard(page);
    // What can be opened must be as good as what is open.
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
    const seen = await page.evaluate(seenOnPage);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run());
    const others = requests.filter((url) => url !== address && !url.startsWith('data:'));
    return [
      ...logged.map((text) => `The page logged: ${text}`),
      ...others.map((url) => `The page requested ${url}.`),
      ...(skips ? [] : ['The first stop of the tab key does not lead to the content.']),
      ...violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, help, nodes }) => `axe: ${id}, ${help}: ${nodes[0].html.slice(0, 200)}`),
      ...layoutFaults(seen),
      ...numberFaults(seen, numbers),
    ];
  } finally {
    await page.close();
  }
}

async function skipsByKeyboard(page) {
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  return page.evaluate(() => document.activeElement?.tagName === 'MAIN');
}

function layoutFaults({ overflow, unreachable, smallTexts }) {
  return [
    ...(overflow > 0 ? [`The page is ${overflow} pixels wider than its window.`] : []),
    ...unreachable.map((name) => `A keyboard cannot scroll "${name}".`),
    ...(smallTexts > 0 ? [`${smallTexts} texts in charts are lower than 10 pixels.`] : []),
  ];
}

function numberFaults({ models, captions }, numbers) {
  const faults = [];
  const expectEqual = (what, shown, expected) => {
    const [a, b] = [JSON.stringify(shown), JSON.stringify(expected)];
    if (a !== b) faults.push(`${what}: the page shows ${a}, not ${b}.`);
  };
  expectEqual('models', Object.keys(models), Object.keys(numbers));
  for (const [name, { errors, calibrationError, counts }] of Object.entries(numbers)) {
    const shown = models[name] ?? {};
    const ece = calibrationError.toFixed(4);
    expectEqual(`errors of ${name}`, shown.errors, String(errors));
    expectEqual(`calibration error of ${name}`, shown.calibrationError, ece);
    expectEqual(
      `captions of ${name}`,
      captions.filter((text) => text.startsWith(`${name}:`)),
      [`${name}: ${errors} ${errors === 1 ? 'error' : 'errors'}`, `${name}: ECE ${ece}`],
    );
    expectEqual(`confusions of ${name}`, shown.counts, counts);
    const ascending = (a, b) => a - b;
    const drawn = counts.flat().filter((count) => count > 0);
    expectEqual(`drawn confusions of ${name}`, shown.drawnCounts?.sort(ascending), drawn.sort(ascending));
  }
  return faults;
}
