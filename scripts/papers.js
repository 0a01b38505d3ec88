// Runs the experiments behind the tables of docs/results.md one after the other, as far as they are missing:
// hours on two cores. `npm run papers -- --small` runs each at a tiny size instead, in a few minutes.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const studies = ['table', 'published', 'depth', 'few'].map((study) => ['fitnets-mnist', '--study', study]);
const options = process.argv.slice(2);
// The other libraries take 7 GB, so that small runs leave them out.
const peers = options.includes('--small') ? ['--peers', 'wasm'] : [];
const experiments = [['hinton-mnist'], ...studies, ['side-by-side', ...peers]];

for (const [name, ...own] of experiments) {
  const started = performance.now();
  console.log(`\n${[name, ...own].join(' ')}`);
  const program = fileURLToPath(new URL(`../benchmarks/${name}/src/main.ts`, import.meta.url));
  const { status, signal } = spawnSync(
    process.execPath,
    ['--conditions=@kd/source', '--import', 'tsx', program, ...own, ...options],
    { stdio: 'inherit' },
  );
  if (status !== 0) {
    console.error(`${name} ended with ${signal ?? `status ${String(status)}`}.`);
    process.exit(status ?? 1);
  }
  console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`);
}
