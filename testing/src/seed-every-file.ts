// Loaded before each test file. Without a seed, tfjs draws from Math.random. This replacement makes layers
// without a seed start the same in each run, so that a test that fails once fails again. KD_TEST_SEED=2 npm
// test tries other weights.
import process from 'node:process';
import { seededRandom } from './seeded-random.js';

const seed = Number(process.env['KD_TEST_SEED'] ?? 1);
if (!Number.isSafeInteger(seed) || seed < 0)
  throw new Error(
    `KD_TEST_SEED must be a whole number from 0; received ${String(process.env['KD_TEST_SEED'])}.`,
  );
Math.random = seededRandom(seed);
