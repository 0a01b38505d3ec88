// A step on sequences with a mask: the mean over all positions that count in it, however it is cut into
// batches, for every kind of loss that has a value for each position.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import {
  attentionLogits,
  attentionLogitsLoss,
  attentionRelations,
  attentionRelationsLoss,
} from '@kd/attention-relations';
import { selected } from '@kd/core';
import type { Term } from '@kd/core';
import { hint } from '@kd/hint-regressor';
import { defineRecipe } from '@kd/recipe';
import { universalLogit, universalLogitLoss } from '@kd/sequences';
import * as soft from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { expectClose, features, useBackend } from '@kd/testing';
import { train } from '@kd/trainer';
import {
  div,
  mean,
  squaredDifference,
  sum,
  tensor,
  tensor1d,
  train as optimizers,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

const [examples, length, width] = [5, 4, 3];
// One sequence is full, one has a gap, one does not count at all.
const mask = [1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0];
const inputs = () => features([examples, length, width], 1);

/** A linear map of each position. */
const net = (units: number, seed: number): LayersModel =>
  sequential({
    layers: [
      layers.dense({
        name: 'out',
        units,
        inputShape: [length, width],
        weights: [features([width, units], seed), tensor1d(Array<number>(units).fill(0.1))],
      }),
    ],
  });
/** Scores `[2, L, L]` of two heads. */
const scores = (units: number, seed: number): LayersModel =>
  sequential({
    layers: [
      ...net(units, seed).layers,
      layers.reshape({ targetShape: [length, 2, length] }),
      layers.permute({ name: 'scores', dims: [2, 1, 3] }),
    ],
  });

interface Case {
  readonly term: Term;
  /** A value for each position, of the whole step. */
  readonly loss: (teacher: Tensor, student: Tensor, marks: Tensor) => Tensor;
  readonly units?: readonly [ofTeacher: number, ofStudent: number];
  readonly model?: typeof net;
}
const T = { temperature: 2 };
const taps = { student: 'out', teacher: 'out' };
const cases: readonly Case[] = [
  { term: soft.softTarget(T), loss: (t, s) => soft.softTargetLoss(t, s, T) },
  { term: soft.jensenShannon(T), loss: (t, s) => soft.jensenShannonLoss(t, s, T) },
  { term: soft.skewSoftTarget(T), loss: (t, s) => soft.skewSoftTargetLoss(t, s, T) },
  { term: soft.skewReverseSoftTarget(T), loss: (t, s) => soft.skewReverseSoftTargetLoss(t, s, T) },
  { term: universalLogit(T), loss: (t, s) => universalLogitLoss(t, s, T), units: [7, 4] },
  {
    term: attentionRelations({ ...taps, heads: 2 }),
    loss: (t, s, marks) => attentionRelationsLoss(t, s, { heads: 2, mask: marks }),
    units: [6, 4],
  },
  {
    term: attentionLogits({ student: 'scores', teacher: 'scores', causal: true }),
    loss: (t, s, marks) => attentionLogitsLoss(t, s, { causal: true, mask: marks }),
    units: [2 * length, 2 * length],
    model: scores,
  },
  {
    term: hint({ ...taps, kind: 'identity', reduction: 'mean' }),
    loss: (t, s) => mean(squaredDifference(t, s), -1),
  },
];

/** The sum over all positions that count, divided by their number, and its gradient, in one piece. */
async function oracle({ loss, units: [ofTeacher, ofStudent] = [5, 5], model = net }: Case) {
  const [teacher, student] = [model(ofTeacher, 2), model(ofStudent, 3)];
  const marks = tensor(mask, [examples, length]);
  const variables = student.trainableWeights.map((weight) => weight.read() as Variable);
  const { value, grads } = variableGrads(() => {
    const answer = teacher.apply(inputs()) as Tensor;
    const values = loss(answer, student.apply(inputs(), { training: true }) as Tensor, marks);
    return div<Scalar>(sum(selected(values, marks)), sum(marks));
  }, variables);
  return {
    loss: (await value.data())[0] ?? NaN,
    gradient: await Promise.all(
      variables.map(async ({ name }) => Array.from(await (grads[name] as Tensor).data())),
    ),
  };
}

/** The same by a step of gradient descent with the learning rate 1, in several batches. */
async function trained(
  { term, units: [ofTeacher, ofStudent] = [5, 5], model = net }: Case,
  batchSize: number,
) {
  const [teacher, student] = [model(ofTeacher, 2), model(ofStudent, 3)];
  const weightsOf = async (): Promise<number[][]> =>
    Promise.all(student.getWeights().map(async (weight) => Array.from(await weight.data())));
  const before = await weightsOf();
  const recipe = defineRecipe({
    student: { model: student, convention: 'logits' },
    teacher: layersTeacher(teacher, { convention: 'logits' }),
    terms: [term],
  });
  const { history } = await train(recipe, {
    data: {
      inputs: inputs(),
      mask: { values: Float32Array.from(mask), shape: [examples, length] },
    },
    epochs: 1,
    batchSize,
    accumulationSteps: Math.ceil(examples / batchSize),
    optimizer: () => optimizers.sgd(1),
  });
  const after = await weightsOf();
  return {
    loss: history[0]?.losses[term.name] ?? NaN,
    gradient: before.map((weights, at) => weights.map((x, index) => x - (after[at]?.[index] ?? NaN))),
  };
}

describe.each(cases)('the step of $term.name', (given) => {
  beforeAll(() => useBackend('cpu'));

  it('has the loss and gradient of one batch over all positions that count, in batches of any size', async () => {
    const expected = await oracle(given);
    expect(expected.loss).toBeGreaterThan(0);
    for (const batchSize of [1, 2, 3, 5]) {
      const found = await trained(given, batchSize);
      expectClose(found.loss, expected.loss, { relative: 1e-5, absolute: 0 });
      expectClose(found.gradient.flat(), expected.gradient, { relative: 1e-4, absolute: 1e-6 });
    }
  });
});
