// Students whose outputs are not one distribution over classes: boxes and classes, numbers, sequences.
import { defineRecipe, forInference } from '@kd/recipe';
import { huberLoss, teacherBounded, valueMatching, valueTarget } from '@kd/regression-loss';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { expectClose, expectKdError, useBackend } from '@kd/testing';
import { mean, squaredDifference, sum, tensor, train as optimizers } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers, input, layers, model, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { dense, numbersOf, recorder } from '../test/small.js';
import { evaluate, train } from './index.js';

await useBackend('cpu');

const sine = (shape: readonly number[], seed = 0) => ({
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
    Math.sin(seed + i ** 1.5),
  ),
  shape,
});
const adam = () => optimizers.adam(0.01);

describe('a detector with boxes as values and classes as logits', () => {
  const [rows, anchors, classes] = [6, 4, 3];
  /** LeNet-5 with two heads. */
  const lenet = (filters: number, names: readonly [boxes: string, classes: string]): LayersModel => {
    const kernelInitializer = (seed: number) => initializers.heNormal({ seed });
    const conv = (seed: number, times: number) =>
      layers.conv2d({ filters: times * filters, kernelSize: 5, activation: 'relu', kernelInitializer: kernelInitializer(seed) }); // prettier-ignore
    const pool = () => layers.averagePooling2d({ poolSize: 2 });
    const inputs = input({ shape: [28, 28, 1] });
    const features =
      [conv(1, 1), pool(), conv(2, 2), pool(), layers.flatten(), dense(3, { units: 8 * filters, activation: 'tanh' })] // prettier-ignore
        .reduce((x, layer) => layer.apply(x) as SymbolicTensor, inputs);
    const head = (name: string, width: number, seed: number): SymbolicTensor => {
      const flat = dense(seed, { units: anchors * width }).apply(features);
      return layers.reshape({ name, targetShape: [anchors, width] }).apply(flat) as SymbolicTensor;
    };
    return model({ inputs, outputs: [head(names[0], 4, 4), head(names[1], classes, 5)] });
  };
  const teacher = layersTeacher(lenet(4, ['head_reg', 'head_cls']), {
    convention: {
      boxes: { convention: 'values', from: 'head_reg' },
      classes: { convention: 'logits', from: 'head_cls' },
    },
  });
  const student = () =>
    ({ model: lenet(2, ['boxes', 'classes']), convention: { boxes: 'values', classes: 'logits' } }) as const;
  const mask = Float32Array.from({ length: rows * anchors }, (_, i) => (i % 3 === 0 ? 0 : 1));
  const boxes = sine([rows, anchors, 4], 3);
  // Nonsense where the mask is 0.
  boxes.values.forEach((_, i) => {
    if (mask[Math.floor(i / 4)] === 0) boxes.values[i] = NaN;
  });
  const data = {
    inputs: sine([rows, 28, 28, 1]),
    targets: {
      boxes,
      classes: { values: Int32Array.from({ length: rows * anchors }, (_, i) => (mask[i] === 0 ? 99 : i % classes)), shape: [rows, anchors] }, // prettier-ignore
    },
    mask: { values: mask, shape: [rows, anchors] },
  };
  const terms = [
    softTarget({ output: 'classes', temperature: 2 }),
    hardTarget({ output: 'classes' }),
    valueMatching({ output: 'boxes', loss: huberLoss }),
    teacherBounded({ output: 'boxes', margin: 0.01 }),
  ];

  it('learns both from both outputs of its teacher, where the mask counts anchors', async () => {
    const { of, onEvent } = recorder();
    const learner = student();
    const recipe = defineRecipe({ student: learner, teacher, terms });
    const { history } = await train(recipe, {
      data,
      batchSize: 3,
      epochs: 6,
      optimizer: adam,
      onEvent,
      validation: { data },
    });
    const kept = mask.reduce((sum, one) => sum + one, 0);
    const [step, second] = of('step');
    for (const { name } of terms)
      expect((step?.normalizers[name] ?? 0) + (second?.normalizers[name] ?? 0)).toBe(kept);
    expect(Object.keys(history[0]?.validation ?? {})).toEqual(['boxes/loss', 'boxes/absoluteError', 'classes/loss', 'classes/accuracy', 'loss']); // prettier-ignore
    for (const { name } of terms) {
      const [first = NaN, last = NaN] = [history[0], history.at(-1)].map((record) => record?.losses[name]);
      expect(last).toBeLessThan(first);
    }
    const deployed = forInference(learner);
    const [sameBoxes, probabilities] = deployed.predict(tensor(data.inputs.values, [...data.inputs.shape])) as [Tensor, Tensor]; // prettier-ignore
    const [outBoxes] = learner.model.predict(tensor(data.inputs.values, [...data.inputs.shape])) as Tensor[];
    expectClose(await sameBoxes.data(), await outBoxes?.array(), { relative: 0, absolute: 0 });
    const sums = Array.from(await sum(probabilities, -1).data());
    expectClose(sums, sums.map(() => 1), { relative: 1e-5, absolute: 0 }); // prettier-ignore
  });

  it('is measured by output, as its teacher is', async () => {
    const measured = await evaluate(teacher, data, { batchSize: 4 });
    const total = (measured['boxes/loss'] ?? NaN) + (measured['classes/loss'] ?? NaN);
    expect(measured['loss']).toBeCloseTo(total, 6);
    const absolute = await evaluate(student(), data, { metrics: { boxes: ({ output }, { targets }) => ({ first: mean(squaredDifference(output, targets?.['boxes'] as Tensor), -1) }) } }); // prettier-ignore
    expect(Object.keys(absolute)).toEqual(['boxes/first']);
  });

  it.each<[string, () => unknown, string, ...string[]]>([
    ['a term that does not say which output it reads', () => [softTarget({ temperature: 2 })], 'KD_OUTPUT_UNKNOWN', 'boxes, classes'], // prettier-ignore
    ['an output that is not there', () => [hardTarget({ output: 'class' })], 'KD_OUTPUT_UNKNOWN', '"class"'],
    ['a term of classes on values', () => [softTarget({ output: 'boxes', temperature: 2 })], 'KD_TEACHER_CONVENTION', 'the output "boxes" of the student'], // prettier-ignore
    ['a term of values on classes', () => [valueMatching({ output: 'classes' })], 'KD_TEACHER_CONVENTION', '"logits"'], // prettier-ignore
  ])('refuses %s before the first step', async (_, wrong, code, ...facts) => {
    const { events, onEvent } = recorder();
    const run = async () =>
      train(defineRecipe({ student: student(), teacher, terms: wrong() as never }), { data, epochs: 1, optimizer: adam, onEvent }); // prettier-ignore
    await expectKdError(run, code, ...facts);
    expect(events).toEqual([]);
  });

  it('refuses one metric for two outputs', () =>
    expectKdError(
      () => train(defineRecipe({ student: student(), teacher, terms }), { data, epochs: 1, optimizer: adam, validation: { data, metrics: () => ({}) } }), // prettier-ignore
      'KD_OPTION_TYPE',
      'metrics',
      'boxes, classes',
    ));
});

describe('a regression student of one number', () => {
  const net = (units: number, seed: number) =>
    sequential({
      layers: [dense(seed, { units, activation: 'tanh', inputShape: [3] }), dense(seed + 1, { units: 1 })],
    });
  const inputs = sine([16, 3]);
  const labels = { values: Float32Array.from({ length: 16 }, (_, i) => 2 * Math.sin(i)), shape: [16, 1] };

  it('learns from its teacher and from true values, and is deployed as it is', async () => {
    const student = { model: net(4, 1), convention: 'values' } as const;
    const teacher = layersTeacher(net(16, 7), { convention: 'values' });
    const recipe = defineRecipe({ student, teacher, terms: [valueMatching(), valueTarget({ weight: 0.5 })] });
    const data = { inputs, labels };
    const { history } = await train(recipe, {
      data,
      epochs: 30,
      batchSize: 16,
      optimizer: adam,
      validation: { data },
    });
    expect(history.at(-1)?.total).toBeLessThan(history[0]?.total ?? NaN);
    const { loss, absoluteError } = history.at(-1)?.validation ?? {};
    expect(Object.keys(history[0]?.validation ?? {})).toEqual(['loss', 'absoluteError']);
    expect(loss).toBeGreaterThan(0);
    expect(absoluteError).toBeGreaterThan(0);
    const deployed = forInference(student);
    expect(numbersOf(deployed)).toEqual(numbersOf(student.model));
    const x = tensor(inputs.values, [16, 3]);
    expect(Array.from((deployed.predict(x) as Tensor).dataSync())).toEqual(Array.from((student.model.predict(x) as Tensor).dataSync())); // prettier-ignore
  });

  it('is no classifier: the softmax of a single number is always 1', () =>
    expectKdError(
      () => defineRecipe({ student: { model: net(4, 1), convention: 'logits' }, terms: [hardTarget()] }),
      'KD_MODEL_CONVENTION',
      '[?,1]',
      '"values"',
    ));
});

describe('a sequence student', () => {
  const [rows, length, vocabulary] = [8, 5, 7];
  const tagger = (units: number, seed: number) =>
    sequential({
      layers: [
        layers.embedding({ inputDim: vocabulary, outputDim: units, inputLength: length, embeddingsInitializer: initializers.randomUniform({ minval: -1, maxval: 1, seed }) }), // prettier-ignore
        dense(seed + 1, { units: vocabulary }),
      ],
    });
  const mask = Float32Array.from({ length: rows * length }, (_, i) => (i % length < 2 + (Math.floor(i / length) % 4) ? 1 : 0)); // prettier-ignore
  const tokens = Int32Array.from({ length: rows * length }, (_, i) => (3 * i) % vocabulary);
  const next = tokens.map((token, i) => (mask[i] === 0 ? -100 : (token + 1) % vocabulary));
  const data = {
    inputs: { values: tokens, shape: [rows, length] },
    targets: { next: { values: next, shape: [rows, length] } },
    mask: { values: mask, shape: [rows, length] },
  };
  const trained = async (batchSize: number, accumulationSteps: number) => {
    const student = { model: tagger(4, 1), convention: 'logits' } as const;
    const teacher = layersTeacher(tagger(12, 9), { convention: 'logits' });
    const terms = [softTarget({ temperature: 2 }), hardTarget({ target: 'next' })];
    const { history } = await train(defineRecipe({ student, teacher, terms }), { data, batchSize, accumulationSteps, epochs: 10, optimizer: () => optimizers.sgd(0.3) }); // prettier-ignore
    return { history, weights: numbersOf(student.model) };
  };

  it('learns at the positions that its mask keeps, alike in one batch and in several of a step', async () => {
    const whole = await trained(rows, 1);
    const parts = await trained(2, 4);
    expect(whole.history.at(-1)?.losses['hard']).toBeLessThan(whole.history[0]?.losses['hard'] ?? NaN);
    expectClose(parts.weights, whole.weights, { relative: 1e-4, absolute: 1e-5 });
  });
});
