// Loaded before each file of tests. tfjs takes a seed that it was not given from Math.random: from this one a layer without a
// seed starts the same in each run, so that a test that fails once fails again. KD_TEST_SEED=2 npm test tries other weights.
import process from 'node:process';
import { seededRandom } from './seeded-random.js';

Math.random = seededRandom(Number(process.env['KD_TEST_SEED'] ?? 1));
