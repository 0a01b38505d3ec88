// Builds tfjs-node here, and runs the tests of what runs on it alone: elsewhere they are left out where it is not built.
import process from 'node:process';
import { root } from './lib/packages.js';
import { run } from './lib/run.js';
import { missing } from './native/missing.js';

const tests = [
  'packages/backend/src/native-kernels',
  'packages/optimizers/src/fused-step.test.ts',
  'packages/teacher/src/saved-model',
];

const reason = await whyNotInstalled();
if (reason === undefined) {
  const env = { ...process.env, KD_REQUIRE_TENSORFLOW: '1' };
  console.log(await run('npx', ['vitest', 'run', ...tests], { cwd: root, env, timeout: 600_000 }));
} else console.log(`skipped: ${reason}`);

/** Installs TensorFlow; gives what the machine lacks for that. */
async function whyNotInstalled() {
  try {
    await run('npm', ['run', '--silent', 'install:native'], { cwd: root, timeout: 1_200_000 });
    return undefined;
  } catch (error) {
    const reason = missing(error.message);
    if (reason === undefined) throw error;
    return reason;
  }
}
