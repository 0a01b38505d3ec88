// Builds tfjs-node here, then runs the tests with TensorFlow in place of cpu and wasm; nothing that needs it is left out.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { root } from './lib/packages.js';
import { run } from './lib/run.js';
import { missing } from './native/missing.js';

const reason = await whyNotInstalled();
if (reason === undefined) {
  const env = { ...process.env, KD_TEST_BACKEND: 'tensorflow', KD_REQUIRE_TENSORFLOW: '1' };
  const tests = ['vitest', 'run', 'packages', 'testing', ...process.argv.slice(2)];
  process.exitCode = spawnSync('npx', tests, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
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
