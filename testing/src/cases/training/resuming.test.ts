// A training that cannot save its checkpoints.
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { train } from '@kd/trainer';
import type { TrainOptions } from '@kd/trainer';
import { checkpointDirectory } from '@kd/trainer/node';
import { setBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { data, sgd, student } from '../nets.js';
import { outcome } from '../outcome.js';

await setBackend('cpu');

describe('a directory for checkpoints that cannot be written', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'kd-cases-'));
    // This fails for root too: a link to a missing disk.
    await symlink(join(root, 'unmounted', 'runs'), join(root, 'runs'));
  });
  afterAll(() => rm(root, { recursive: true }));

  it('is reported before the first step', async () => {
    let steps = 0;
    const seen = await outcome(async () => {
      const recipe = defineRecipe({ student: student(), terms: [hardTarget()] });
      const store = checkpointDirectory(join(root, 'runs'));
      const onEvent: TrainOptions['onEvent'] = ({ type }) => void (steps += Number(type === 'step'));
      const options = { data, batchSize: 4, epochs: 1, optimizer: sgd, onEvent, checkpoint: { store } };
      return (await train(recipe, options)).reason;
    });
    expect(`${seen} after ${String(steps)}`).toMatch(/^KD_FILE_WRITE: checkpointDirectory: path .* after 0$/);
  });
});
