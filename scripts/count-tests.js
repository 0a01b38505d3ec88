// Prints the number of passed and failed tests from a report of vitest's JSON reporter:
// `node scripts/count-tests.js FILE`.
import { readFileSync } from 'node:fs';

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
let passed = 0;
let failed = 0;
for (const { status, assertionResults } of testResults) {
  const count = (wanted) => assertionResults.filter((test) => test.status === wanted).length;
  passed += count('passed');
  // A file that cannot be loaded has no tests, but counts as failed.
  failed += count('failed') || (status === 'failed' ? 1 : 0);
}
console.log(`${passed} ${failed}`);
