import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { root } from '../lib/packages.js';

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
process.once('exit', () => running.forEach(kill));

// If a busy machine makes a vitest worker time out, that is an error outside the tests, not the mutant's
// doing.
const options = ['--reporter=json', '--bail=1', '--maxWorkers=1', '--dangerouslyIgnoreUnhandledErrors'];

/** Runs tests of a copy until one fails; returns how they ended, and by which test. */
export async function runTests(folder, tests, seconds = 180) {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const ending = await exitOf(folder, ['run', ...tests, ...options, `--outputFile=${report}`], seconds);
  return ending === 'failed' ? { ending, by: firstFailure(folder, report) } : { ending };
}

function exitOf(folder, args, seconds) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, CI: '1' };
  // In a separate process group, which is ended as a whole: vitest has a process for each test file, and some
  // of these start more.
  const child = spawn(process.execPath, [vitest, ...args], {
    cwd: folder,
    env,
    stdio: 'ignore',
    detached: true,
  });
  running.add(child);
  return new Promise((resolve) => {
    let isLate = false;
    const limit = setTimeout(() => {
      isLate = true;
      kill(child);
    }, seconds * 1000);
    child.once('close', (code) => {
      clearTimeout(limit);
      running.delete(child);
      resolve(isLate ? 'timeout' : code === 0 ? 'passed' : 'failed');
    });
  });
}

function kill({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** The first test that failed, or the file that failed to load. */
function firstFailure(folder, report) {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const file = testResults.find(({ status }) => status === 'failed');
  // For example, a path that is not a test file.
  if (file === undefined) throw new Error(`vitest failed although no test did: see ${report}.`);
  const test = file.assertionResults.find(({ status }) => status === 'failed');
  return `${relative(folder, file.name)}: ${test?.fullName ?? file.message}`;
}
