import { expectKdError, useBackend } from '@kd/testing';
import { sgd } from '@kd/optimizers';
import { norm } from '@tensorflow/tfjs-core';
import { sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { namedWeights } from '@kd/model';
import { expect, it } from 'vitest';
import { dense, examples, onLabels } from '../test/small.js';
import { train } from './index.js';

await useBackend('cpu');

const nested = (): LayersModel =>
  sequential({
    layers: [
      sequential({ name: 'body', layers: [dense(1, { name: 'hidden', units: 4, inputShape: [2] })] }),
      dense(2, { name: 'logits', units: 3 }),
    ],
  });
const trained = async (maxNorm: Record<string, number>): Promise<Record<string, number>> => {
  const model = nested();
  const optimizer = () => sgd({ learningRate: 0.1, maxNorm });
  await train(onLabels(model), { data: examples(8), epochs: 1, optimizer });
  const kernels = namedWeights(model).filter(({ variable }) => variable.rank === 2);
  return Object.fromEntries(
    kernels.map(({ name, variable }) => [name, Math.max(...norm(variable, 2, 0).dataSync())]),
  );
};

it('limits the layers of a nested model by their path', async () => {
  const longest = await trained({ body: 0.9, 'body/hidden': 0.25 });
  expect(longest['body/hidden/kernel']).toBeCloseTo(0.25, 6);
  expect(longest['logits/kernel']).toBeGreaterThan(0.9);
});

it('refuses a path of no layer before the first step', async () => {
  const facts = ['sgd', 'options.maxNorm["hidden"]', 'Did you mean "body/hidden"'];
  await expectKdError(() => trained({ hidden: 1 }), 'KD_OPTION_RANGE', ...facts);
});
