// Distils in a browser: a page built with Vite from the packages' tarballs trains on wasm in Chromium, with
// one thread and with several. examples/browser does the same from the sources.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { buildPage } from './browser/build-page.js';
import { exampleFaults } from './browser/example.js';
import { faultsOf } from './browser/faults.js';
import { findChromium } from './browser/find-chromium.js';
import { isolation, serve } from './browser/serve.js';
import { summaryOf } from './browser/summary.js';
import { visit } from './browser/visit.js';
import { build, pack, temporaryFolder } from './lib/pack.js';
import { packages } from './lib/packages.js';
import { install, makeProject } from './lib/project.js';

const tfjs = ['core', 'layers', 'backend-wasm'].map((name) => `@tensorflow/tfjs-${name}`);
const runs = [
  { name: 'plain page', headers: {}, threaded: false },
  { name: 'isolated page', headers: isolation, threaded: true },
];

const executablePath = findChromium();
if (executablePath === undefined) console.log('skipped: no Chromium; apt-get install chromium');
else process.exitCode = (await distilIn(executablePath)) ? 0 : 1;

/** Whether every run passes. */
async function distilIn(executablePath) {
  build(packages);
  const folder = temporaryFolder();
  try {
    const project = join(folder, 'project');
    makeProject(project);
    const packed = await pack(packages, folder);
    const tarballs = [...packed.values()].map(({ tarball }) => tarball);
    await install(project, tarballs, tfjs);
    await buildPage(project);
    const browser = await chromium.launch({ executablePath });
    try {
      const inOrder = [];
      for (const run of runs) inOrder.push(await passes(run, project, browser));
      inOrder.push(report('examples/browser', await exampleFaults(browser, join(folder, 'example'))));
      return inOrder.every(Boolean);
    } finally {
      await browser.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the page and prints its measurements and faults. */
async function passes(run, project, browser) {
  const seen = await serve({ root: project }, run.headers, (url) =>
    visit(browser, url, { timeout: 120_000, result: () => window.result }),
  );
  const faults = faultsOf(seen, run);
  return report(`${run.name}: ${summaryOf(seen.result)}`, faults);
}

function report(name, faults) {
  console.log(`${faults.length === 0 ? 'ok    ' : 'FAULTY'} ${name}`);
  for (const fault of faults) console.log(`       ${fault}`);
  return faults.length === 0;
}
