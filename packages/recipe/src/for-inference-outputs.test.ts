import { tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expectClose, useBackend } from '@kd/testing';
import { softmax } from '@kd/testing/float64';
import { expect, it } from 'vitest';
import { sigmoid } from '../test/float64.js';
import { forInference } from './for-inference.js';

await useBackend('cpu');

it('forInference squashes each output of logits by its own family, and leaves values alone', () => {
  const inputs = input({ shape: [2] });
  const outputs = ['reg', 'cls', 'tags'].map(
    (name) => layers.dense({ name, units: 2, kernelInitializer: 'identity' }).apply(inputs) as SymbolicTensor,
  );
  const deployed = forInference({
    model: functional({ inputs, outputs }),
    convention: { tags: 'sigmoid-logits', boxes: { convention: 'values', from: 'reg' }, cls: 'logits' },
  });
  const [boxes, classes, tags] = deployed.predict(tensor2d([[1, -2]])) as [Tensor, Tensor, Tensor];
  const tolerance = { relative: 1e-5, absolute: 1e-6 };
  expectClose(Array.from(boxes.dataSync()), [1, -2], tolerance);
  expectClose(Array.from(classes.dataSync()), softmax([1, -2]), tolerance);
  expectClose(Array.from(tags.dataSync()), [sigmoid(1), sigmoid(-2)], tolerance);
  expect(deployed.outputNames).toEqual(['reg', 'cls_probabilities', 'tags_probabilities']);
});
