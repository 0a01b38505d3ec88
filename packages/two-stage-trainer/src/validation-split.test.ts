import { useBackend } from '@kd/testing';
import { train } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { options, run, thinStudent } from '../test/small.js';
import type { Given } from '../test/small.js';

await useBackend('cpu');

it('judges both stages by a validation split, with patience', async () => {
  const optimizer = (): ReturnType<typeof train.sgd> => train.sgd(0);
  const training = { epochs: 9, optimizer, patience: 1 };
  const split: Partial<Given> = { validationSplit: 0.25, hints: training, distillation: training };
  const { stages } = await run(options(thinStudent(), split));
  expect(stages.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
    'hints early',
    'distillation early',
  ]);
  expect(Object.keys(stages[0]?.history[0]?.validation ?? {})).toContain('loss');
});
