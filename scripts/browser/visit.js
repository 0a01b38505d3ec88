/**
 * Opens a page in a browser and returns what `result` finds in it, as soon as there is something, or its
 * error, and the errors that it logs.
 */
export async function visit(browser, url, { timeout, result }) {
  const page = await browser.newPage();
  const errors = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  // tfjs takes half of this as its number of threads: on a machine with two processors, that would be one.
  await page.addInitScript(() => Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 }));
  // Also in its workers. After such an error, no result appears on the page.
  const uncaught = new Promise((_, reject) => page.on('pageerror', reject));
  try {
    return { result: await Promise.race([resultOf(page, url, result, timeout), uncaught]), errors };
  } catch (error) {
    return { result: { error: error.stack }, errors };
  } finally {
    await page.close();
  }
}

async function resultOf(page, url, find, timeout) {
  await page.goto(url);
  const found = await page.waitForFunction(find, undefined, { timeout });
  return found.jsonValue();
}
