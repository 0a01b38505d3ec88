// Every public function cleans up after itself, outside tf.tidy and under the tape.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectNoLeak, useBackend } from '@kd/testing';
import { grad, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as api from './index.js';

const soft = { temperature: 4 };
const both = { ...soft, softWeight: 0.5, labelSmoothing: 0.1 };

interface Given {
  /** Probabilities that also work as logits and as labels. */
  readonly p: Tensor;
  readonly logP: Tensor;
  readonly ids: Tensor;
  readonly packed: Tensor;
  readonly classes: Tensor;
  readonly logTop: Tensor;
  readonly logRest: Tensor;
}
const given = (): Given => ({
  p: tensor2d([[0.25, 0.75], [1, 0]]), // prettier-ignore
  logP: tensor2d([[Math.log(0.25), Math.log(0.75)], [0, -Infinity]]), // prettier-ignore
  ids: tensor1d([1, 0], 'int32'),
  packed: tensor2d([[3, 1, 1], [0, 2, 0]]), // prettier-ignore
  classes: tensor2d([1, 0], [2, 1], 'int32'),
  logTop: tensor2d([Math.log(0.75), -1], [2, 1]),
  logRest: tensor1d([Math.log(0.25), -2]),
});

const losses: Readonly<Record<string, (given: Given, student: Tensor) => Tensor>> = {
  softTargetLoss: ({ p }, z) => api.softTargetLoss(p, z, soft),
  softTargetCrossEntropy: ({ p }, z) => api.softTargetCrossEntropy(p, z, soft),
  softTargetLossFromLogTargets: ({ logP }, z) => api.softTargetLossFromLogTargets(logP, z, soft),
  softTargetLossFromProbabilities: ({ p }, z) => api.softTargetLossFromProbabilities(p, z, soft),
  softTargetLossFromTop: ({ classes, logTop, logRest }, z) =>
    api.softTargetLossFromTop({ classes, logProbabilities: logTop, logRemaining: logRest }, z),
  reverseSoftTargetLoss: ({ p }, z) => api.reverseSoftTargetLoss(p, z, soft),
  jensenShannonLoss: ({ p }, z) => api.jensenShannonLoss(p, z, soft),
  skewSoftTargetLoss: ({ p }, z) => api.skewSoftTargetLoss(p, z, soft),
  skewReverseSoftTargetLoss: ({ p }, z) => api.skewReverseSoftTargetLoss(p, z, soft),
  logitMatchingLoss: ({ p }, z) => api.logitMatchingLoss(p, z),
  sigmoidSoftTargetLoss: ({ p }, z) => api.sigmoidSoftTargetLoss(p, z, soft),
  sigmoidSoftTargetCrossEntropy: ({ p }, z) => api.sigmoidSoftTargetCrossEntropy(p, z, soft),
  hardTargetLoss: ({ ids }, z) => api.hardTargetLoss(ids, z, { labelSmoothing: 0.1 }),
  hardTargetLossFromDistributions: ({ p }, z) => api.hardTargetLossFromDistributions(p, z),
  sigmoidHardTargetLoss: ({ p }, z) => api.sigmoidHardTargetLoss(p, z),
  distillationLoss: ({ p, ids }, z) => api.distillationLoss({ teacherLogits: p, labels: ids }, z, both),
  packedDistillationLoss: ({ packed }, z) => api.packedDistillationLoss(both)(packed, z),
  forCompile: ({ p }, z) => api.forCompile(api.softTargetLoss, soft)(p, z),
};
const others: Readonly<Record<string, (given: Given) => Tensor>> = {
  logitsFromProbabilities: ({ p }) => api.logitsFromProbabilities(p),
  logitsOfOutput: ({ p }) => api.logitsOfOutput(p, 'probabilities'),
  studentLogitsOfOutput: ({ p }) => api.studentLogitsOfOutput(p, 'probabilities'),
  sigmoidLogitsFromProbabilities: ({ p }) => api.sigmoidLogitsFromProbabilities(p),
  packTargets: ({ p, ids }) => api.packTargets(p, ids),
  arithmeticMean: ({ p, logP }) => api.arithmeticMean([p, p, logP], { ...soft, weights: [0.5, 0.5, 0] }),
  'arithmeticMean of one': ({ p }) => api.arithmeticMean([p], soft),
  geometricMean: ({ p }) => api.geometricMean([p, p], soft),
};

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(Object.entries({ ...losses, ...others }))(
    '%s leaves no tensor but its result',
    async (_name, call) => {
      await expectNoLeak(() => {
        const [tensors, student] = [given(), tensor2d([[0.5, 0.5], [0.9, 0.1]])]; // prettier-ignore
        call(tensors, student).dispose();
        for (const tensor of [...Object.values<Tensor>({ ...tensors }), student]) {
          expect(tensor.isDisposed).toBe(false);
          tensor.dispose();
        }
      });
    },
  );

  it.each(Object.entries(losses))('%s leaks nothing in a gradient', async (_name, loss) => {
    await expectNoLeak(() => {
      const [tensors, student] = [given(), tensor2d([[0.5, 0.5], [0.9, 0.1]])]; // prettier-ignore
      grad((z: Tensor) => loss(tensors, z))(student).dispose();
      for (const tensor of [...Object.values<Tensor>({ ...tensors }), student]) tensor.dispose();
    });
  });
});

/** Their losses run inside the tidy of a recipe, whose tests check for leaks. */
const terms = [
  'accuracy',
  'hardTarget',
  'hardTargetFromDistributions',
  'sigmoidHardTarget',
  'logitMatching',
  'softTarget',
  'softTargetFromTop',
  'sigmoidSoftTarget',
  'reverseSoftTarget',
  'jensenShannon',
  'skewSoftTarget',
  'skewReverseSoftTarget',
];

it('covers every function', () => {
  expect([...Object.keys(losses), ...Object.keys(others), ...terms]).toEqual(
    expect.arrayContaining(Object.keys(api)),
  );
});
