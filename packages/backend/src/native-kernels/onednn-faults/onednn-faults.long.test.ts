import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { describe, expect, it } from 'vitest';
import { knownFaults } from '../../../test/fuzz-tensorflow/known-faults.js';

const isInstalled = await hasTensorflow();
const program = fileURLToPath(new URL('../../../test/fuzz-tensorflow/main.ts', import.meta.url));
const seed = process.env['KD_TEST_SEED'] ?? '1';
const runs = 120;

describe.skipIf(!isInstalled)('on TensorFlow, convolutions, their neighbours and all gradients', () => {
  // Which code oneDNN runs depends on the processor: AVX2 is that of most, and can be had on all that are
  // newer.
  it.each(['DEFAULT', 'AVX2'])('agree with cpu and do not corrupt the heap, %s', (instructions) => {
    const env = {
      ...process.env,
      ONEDNN_MAX_CPU_ISA: instructions,
      // glibc then ends a process that has written past a piece of memory, and fills what is freed with
      // nonsense. Elsewhere they do nothing.
      ...{ LD_PRELOAD: 'libc_malloc_debug.so.0', MALLOC_CHECK_: '3', MALLOC_PERTURB_: '165' },
    };
    const options = ['--conditions=@kd/source', '--import', 'tsx', program, seed, String(runs)];
    const { stdout, signal } = spawnSync(process.execPath, options, { env, encoding: 'utf8' });
    const lines = stdout.trimEnd().split('\n');
    const wrong = lines.flatMap((line, index) => (line.startsWith('WRONG') ? [lines[index - 1], line] : []));
    expect(wrong).toEqual([]);
    const all = String(knownFaults.length + runs);
    expect([lines.at(-1), signal]).toEqual([`${all} of ${all} agree`, null]);
  });
});
