// Fails if a package that users install with ours has a known vulnerability. If the registry does not answer,
// it says `skipped: ` and why: no answer is not a good answer.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { auditOutcome } from './lib/audit-outcome.js';
import { root } from './lib/packages.js';

const severity = 'high';
const { stdout, stderr, error } = spawnSync(
  'npm',
  ['audit', '--json', '--omit=dev', '--omit=optional', '--fetch-retries=1', '--fetch-timeout=30000'],
  // On Windows npm is npm.cmd, which only a shell finds.
  { cwd: root, encoding: 'utf8', timeout: 120_000, shell: process.platform === 'win32' },
);
const { word, lines } = auditOutcome(stdout || error?.message || stderr || '', severity);
for (const line of lines) console.log(line);
process.exitCode = word === 'failed' ? 1 : 0;
