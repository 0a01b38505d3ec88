// Builds tfjs-node here, then runs all test files that compute, with TensorFlow instead of cpu and wasm.
// `npm run test:native -- --gpu` uses tfjs-node-gpu instead, which downloads 3 GB of CUDA libraries; without
// a GPU it computes on the processor.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root } from './lib/packages.js';
import { run } from './lib/run.js';
import { missing } from './native/missing.js';

const gpu = process.argv.includes('--gpu');
const gpuPackage = '@tensorflow/tfjs-node-gpu';

await choosePackage();
const reason = await whyNotInstalled();
if (reason === undefined) {
  const env = { ...process.env, KD_TEST_BACKEND: 'tensorflow', KD_REQUIRE_TENSORFLOW: '1' };
  const options = process.argv.slice(2).filter((argument) => argument !== '--gpu');
  const tests = ['vitest', 'run', ...filesThatCompute(), ...options];
  process.exitCode = spawnSync('npx', tests, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
} else console.log(`skipped: ${reason}`);

/**
 * The test files that load tfjs-node. Only `useBackend` and the functions of @kd/backend load it; all other
 * tests do the same on any backend. Tests that kill trainings run them in separate processes, and check their
 * files, not their numbers.
 */
function filesThatCompute() {
  const loads = /useBackend|selectBackend|hasTensorflow|tfjsNode/;
  return ['packages', 'testing']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((path) => join(folder, path)),
    )
    .filter((path) => /^(packages\/[^/]+|testing)\/src\/.*\.test\.ts$/.test(path.replaceAll('\\', '/')))
    .filter(
      (path) =>
        path.startsWith(join('packages', 'backend')) || loads.test(readFileSync(join(root, path), 'utf8')),
    );
}

/** Leaves tfjs-node-gpu installed only if it is tested, because it takes precedence over tfjs-node. */
async function choosePackage() {
  const npm = (...options) => run('npm', [...options, '--no-save', '--ignore-scripts'], { cwd: root });
  if (gpu) await npm('install', `${gpuPackage}@4.22.0`);
  else if (existsSync(join(root, 'node_modules', gpuPackage))) await npm('uninstall', gpuPackage);
}

/** Installs TensorFlow; returns what the machine lacks for that. */
async function whyNotInstalled() {
  try {
    const options = gpu ? ['--', '--gpu'] : [];
    await run('npm', ['run', '--silent', 'install:native', ...options], { cwd: root, timeout: 1_200_000 });
    return undefined;
  } catch (error) {
    const reason = missing(error.message);
    if (reason === undefined) throw error;
    return reason;
  }
}
