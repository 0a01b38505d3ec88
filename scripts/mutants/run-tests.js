import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { root } from '../lib/packages.js';

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
process.once('exit', () => running.forEach(kill));

// A worker of vitest that the machine keeps waiting is an error outside of the tests, and no work of the mutant.
const options = ['--reporter=json', '--bail=1', '--maxWorkers=1', '--dangerouslyIgnoreUnhandledErrors'];

/** Runs tests of a copy up to the first that fails: how they end, and by which test. */
export async function runTests(folder, tests, seconds = 180) {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const ending = await exitOf(folder, ['run', ...tests, ...options, `--outputFile=${report}`], seconds);
  return ending === 'failed' ? { ending, by: firstFailure(folder, report) } : { ending };
}

function exitOf(folder, args, seconds) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, CI: '1' };
  // In a group of its own, which ends as a whole: vitest has a process for each file of tests, and some of these have more.
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

/** The first test that failed, or the file that did as a whole. */
function firstFailure(folder, report) {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const file = testResults.find(({ status }) => status === 'failed');
  // A path that is no file of tests, say.
  if (file === undefined) throw new Error(`No test has failed, and vitest has: see ${report}.`);
  const test = file.assertionResults.find(({ status }) => status === 'failed');
  return `${relative(folder, file.name)}: ${test?.fullName ?? file.message}`;
}
