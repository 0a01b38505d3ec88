import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { serve } from './serve.js';
import { visit } from './visit.js';

const root = fileURLToPath(new URL('../../examples/browser', import.meta.url));

/** Builds the page of the example into a folder, opens it, and returns its faults. */
export async function exampleFaults(browser, folder) {
  await build({ root, logLevel: 'error', build: { outDir: folder } });
  const { result, errors } = await serve({ root, build: { outDir: folder } }, {}, (url) =>
    visit(browser, url, { timeout: 120_000, result: percentages }),
  );
  const logged = errors.map((error) => `The page logged an error: ${error}`);
  if (result.error !== undefined) return [`The page failed: ${result.error}`, ...logged];
  const { teacher, alone, distilled } = result;
  const isRight = teacher > 98 && distilled > 97 && distilled > alone + 3;
  return isRight ? logged : [`The page shows ${JSON.stringify(result)} per cent.`, ...logged];
}

/** The captions of the page for each net, once all are trained. Runs in the page. */
function percentages() {
  if (document.body.dataset.done === undefined) return undefined;
  const captions = [...document.querySelectorAll('figure')];
  return Object.fromEntries(
    captions.map(({ id, textContent }) => [id, Number(/([\d.]+) %/.exec(textContent)?.[1])]),
  );
}
