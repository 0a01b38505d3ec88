import { namedWeights } from '@kd/model';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, hardTargetLoss, softTarget, softTargetLoss } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { expectClose, useBackend } from '@kd/testing';
import { softmax } from '@kd/testing/float64';
import {
  add,
  logSoftmax,
  mean,
  mul,
  neg,
  slice,
  sum,
  tensor1d,
  tensor2d,
  tidy,
  train as optimizers,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { constraints, layers, regularizers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { examples, net, numbersOf, onLabels, options, recorder, weightsOf } from '../test/small.js';
import { train } from './index.js';
import type { BatchStream } from '@kd/data';

await useBackend('cpu');

const tolerance = { relative: 1e-5, absolute: 1e-6 };

/** A student without hidden layers: logits = x W + b. */
function linear(kernel: readonly number[], more = {}): LayersModel {
  const [inputs, units] = [2, kernel.length / 2];
  const layer = layers.dense({ name: 'logits', units, inputShape: [inputs], ...more });
  const model = sequential({ layers: [layer] });
  layer.setWeights([tensor2d([...kernel], [inputs, units]), tensor1d(Array<number>(units).fill(0))]);
  return model;
}

describe('the weights after one step', () => {
  const kernel = [0.5, -0.25, 0, 1, 0.75, -0.5];
  const teacherKernel = [2, 0, -1, 0, 1, 3];
  const x: [number, number][] = [
    [1, 2],
    [-0.5, 0.25],
    [3, -1],
  ];
  const labels = [0, 2, 1];
  const logitsOf = ([a, b]: [number, number], weights: readonly number[]): number[] =>
    [0, 1, 2].map((unit) => a * (weights[unit] ?? 0) + b * (weights[3 + unit] ?? 0));

  /** W - rate / sum w * sum_b w_b x_b (gradient of the logits of example b). */
  function expected(
    rate: number,
    gradients: number[][],
    weights = [1, 1, 1],
  ): { kernel: number[]; bias: number[] } {
    const total = weights.reduce((a, b) => a + b, 0);
    const sumOver = (factor: (row: number) => number, unit: number): number =>
      gradients.reduce(
        (sum, gradient, row) => sum + ((weights[row] ?? 0) / total) * factor(row) * (gradient[unit] ?? 0),
        0,
      );
    return {
      kernel: kernel.map((w, at) => w - rate * sumOver((row) => x[row]?.[Math.floor(at / 3)] ?? 0, at % 3)),
      bias: [0, 1, 2].map((unit) => -rate * sumOver(() => 1, unit)),
    };
  }
  const hardGradients = x.map((row, index) =>
    softmax(logitsOf(row, kernel)).map((q, id) => q - Number(id === labels[index])),
  );
  const data = { inputs: tensor2d(x), labels: tensor1d(labels, 'int32') };

  it('are those of gradient descent on the labels', async () => {
    const model = linear(kernel);
    const { events, onEvent } = recorder();
    await train(onLabels(model), options(data, { optimizer: () => optimizers.sgd(0.3), onEvent }));
    const after = weightsOf(model);
    expectClose(after['logits/kernel'] ?? [], expected(0.3, hardGradients).kernel, tolerance);
    expectClose(after['logits/bias'] ?? [], expected(0.3, hardGradients).bias, tolerance);
    const loss = x.reduce(
      (sum, row, index) => sum - Math.log(softmax(logitsOf(row, kernel))[labels[index] ?? 0] ?? 0) / 3,
      0,
    );
    const { kernel: moved, bias } = expected(1, hardGradients);
    const norm = Math.hypot(...kernel.map((w, at) => w - (moved[at] ?? 0)), ...bias);
    const step = events.find((event) => event.type === 'step');
    expectClose(
      [step?.total ?? NaN, step?.losses['hard'] ?? NaN, step?.gradientNorm ?? NaN],
      [loss, loss, norm],
      tolerance,
    );
  });

  it('are those of a teacher and labels, each with its weight', async () => {
    const model = linear(kernel);
    const recipe = defineRecipe({
      student: { model, convention: 'logits' },
      teacher: layersTeacher(linear(teacherKernel), { convention: 'logits' }),
      terms: [softTarget({ temperature: 4, weight: 0.7 }), hardTarget({ weight: 0.2 })],
    });
    await train(recipe, options(data, { optimizer: () => optimizers.sgd(0.3) }));
    // d/dz T^2 KL = T (q - p)
    const gradients = x.map((row, index) => {
      const [p, q] = [softmax(logitsOf(row, teacherKernel), 4), softmax(logitsOf(row, kernel), 4)];
      return q.map((each, id) => 0.7 * 4 * (each - (p[id] ?? 0)) + 0.2 * (hardGradients[index]?.[id] ?? 0));
    });
    expectClose(weightsOf(model)['logits/kernel'] ?? [], expected(0.3, gradients).kernel, tolerance);
  });

  it('weight the examples, and divide by the sum of the weights', async () => {
    const model = linear(kernel);
    const sampleWeight = new Float32Array([2, 0, 0.5]);
    await train(
      onLabels(model),
      options({ ...data, sampleWeight }, { optimizer: () => optimizers.sgd(0.3) }),
    );
    expectClose(
      weightsOf(model)['logits/kernel'] ?? [],
      expected(0.3, hardGradients, [2, 0, 0.5]).kernel,
      tolerance,
    );
  });

  it('ignore unlabelled examples, whatever their labels hold', async () => {
    const model = linear(kernel);
    const partly = { ...data, labels: new Int32Array([0, -7, 1]), labelled: new Uint8Array([1, 0, 1]) };
    await train(onLabels(model), options(partly, { optimizer: () => optimizers.sgd(0.3) }));
    expectClose(
      weightsOf(model)['logits/kernel'] ?? [],
      expected(0.3, hardGradients, [1, 0, 1]).kernel,
      tolerance,
    );
  });
});

describe('a training compared with plain tfjs', () => {
  const { inputs, labels } = examples(10);
  const x = tensor2d(inputs.values, [10, 2]);
  const ids = tensor1d(labels, 'int32');
  const oneHot = tensor2d(Array.from(labels, (id) => [0, 1, 2].map((other) => Number(id === other))));

  it('takes ten steps of Adam as optimizer.minimize does', async () => {
    const [student, twin, teacher] = [net(1), net(1), net(7)];
    const recipe = defineRecipe({
      student: { model: student, convention: 'logits' },
      teacher: layersTeacher(teacher, { convention: 'logits' }),
      terms: [softTarget({ temperature: 3, weight: 0.9 }), hardTarget({ weight: 0.1 })],
    });
    await train(
      recipe,
      options(
        { inputs: x, labels: ids },
        { batchSize: 10, epochs: 10, optimizer: () => optimizers.adam(0.05) },
      ),
    );

    const adam = optimizers.adam(0.05);
    const variables = namedWeights(twin).map(({ variable }) => variable);
    const teacherLogits = teacher.predict(x) as Tensor;
    for (let step = 0; step < 10; step++) {
      adam.minimize(
        () =>
          tidy(() => {
            const logits = twin.apply(x, { training: true }) as Tensor;
            const soft = mean(softTargetLoss(teacherLogits, logits, { temperature: 3 }));
            return add<Scalar>(mul(soft, 0.9), mul(mean(hardTargetLoss(ids, logits)), 0.1));
          }),
        false,
        variables,
      );
    }
    expectClose(numbersOf(student), numbersOf(twin), { relative: 0, absolute: 1e-6 });
    expect(Math.abs((numbersOf(student)[0] ?? 0) - (numbersOf(net(1))[0] ?? 0))).toBeGreaterThan(0.1);
  });

  it('ends where model.fit ends, with batches in the order of the data', async () => {
    const [student, twin] = [net(1), net(1)];
    const inOrder: BatchStream = function* () {
      for (let start = 0; start < 10; start += 4) {
        const size = Math.min(4, 10 - start);
        yield { inputs: { x: slice(x, [start], [size]) }, targets: { labels: slice(ids, [start], [size]) } };
      }
    };
    const { epochs, optimizer } = options(inOrder, { epochs: 3 });
    const run = await train(onLabels(student), { data: inOrder, epochs, optimizer });
    const loss = (truth: Tensor, logits: Tensor): Tensor => neg(sum(mul(truth, logSoftmax(logits)), -1));
    twin.compile({ optimizer: optimizers.sgd(0.1), loss });
    const { history } = await twin.fit(x, oneHot, { batchSize: 4, epochs: 3, shuffle: false });
    expectClose(numbersOf(student), numbersOf(twin), { relative: 0, absolute: 1e-6 });
    // tfjs too averages over examples, not over batches.
    expectClose(
      run.history.map(({ total }) => total),
      history['loss'],
      tolerance,
    );
  });
});

describe('what layers declare', () => {
  it('a constraint holds after each step', async () => {
    const { inputs, labels } = examples(8);
    const trained = async (kernelConstraint?: ReturnType<typeof constraints.maxNorm>): Promise<number[]> => {
      const model = linear(
        [0.1, 0, 0, 0, 0.1, 0],
        kernelConstraint === undefined ? {} : { kernelConstraint },
      );
      const norms: number[] = [];
      const onBatchEnd = (): void => {
        const kernel = weightsOf(model)['logits/kernel'] ?? [];
        norms.push(
          Math.max(...[0, 1, 2].map((unit) => Math.hypot(kernel[unit] ?? 0, kernel[3 + unit] ?? 0))),
        );
      };
      const sgd = (): ReturnType<typeof optimizers.sgd> => optimizers.sgd(2);
      const data = { inputs, labels };
      await train(onLabels(model), options(data, { epochs: 2, callbacks: [{ onBatchEnd }], optimizer: sgd }));
      return norms;
    };
    const free = await trained();
    const bound = await trained(constraints.maxNorm({ maxValue: 0.25, axis: 0 }));
    expect(free).toHaveLength(4);
    expect(Math.min(...free)).toBeGreaterThan(0.3);
    for (const norm of bound) expect(norm).toBeLessThanOrEqual(0.25);
    expect(Math.max(...bound)).toBeGreaterThan(0.249);
  });

  it('a regulariser is in the loss, the gradient and the record', async () => {
    const kernel = [0.5, -0.25, 0, 1, 0.75, -0.5];
    const data = { inputs: tensor2d([[0, 0]]), labels: tensor1d([1], 'int32') };
    const model = linear(kernel, { kernelRegularizer: regularizers.l2({ l2: 0.25 }), useBias: true });
    const { of, onEvent } = recorder();
    const run = await train(onLabels(model), options(data, { onEvent }));
    const penalty = 0.25 * kernel.reduce((sum, w) => sum + w * w, 0);
    // With inputs of zero only the regulariser changes the kernel: 2 * 0.25 * w.
    expectClose(
      weightsOf(model)['logits/kernel'] ?? [],
      kernel.map((w) => w - 0.1 * 0.5 * w),
      tolerance,
    );
    const [step] = of('step');
    const losses = step?.losses ?? {};
    expectClose([losses['hard'] ?? NaN, losses['regularizers'] ?? NaN], [Math.log(3), penalty], tolerance);
    expectClose(
      [step?.total ?? NaN, run.history[0]?.total ?? NaN],
      [Math.log(3) + penalty, Math.log(3) + penalty],
      tolerance,
    );
    expectClose(run.history[0]?.losses['regularizers'] ?? NaN, penalty, tolerance);
    expect(step?.weights).toEqual({ hard: 1 });
  });
});
