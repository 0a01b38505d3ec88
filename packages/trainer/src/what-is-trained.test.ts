import { defineTerm } from '@kd/core';
import { namedWeights } from '@kd/model';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { ones, sum, train as optimizers, variable } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { constraints, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { dense, examples, net, onLabels, options, recorder, values, weightsOf } from '../test/small.js';
import { train } from './index.js';

await useBackend('cpu');

/** The bytes of every weight, and the flags of every layer and weight. */
function stateOf(model: LayersModel): unknown {
  const flags = (layer: layers.Layer & { layers?: layers.Layer[] }): unknown => [
    layer.name,
    layer.trainable,
    layer.weights.map((weight) => weight.trainable),
    (layer.layers ?? []).map(flags),
  ];
  const bytes = namedWeights(model).map(({ name, variable: { dtype, shape }, variable }) => [
    name,
    dtype,
    shape,
    Buffer.from(Float32Array.from(values(variable)).buffer).toString('hex'),
  ]);
  return { flags: flags(model), bytes };
}

/** A nested net with everything that a forward pass in training mode would change. */
function nested(seed: number): LayersModel {
  const backbone = sequential({
    name: `backbone${String(seed)}`,
    layers: [
      dense(seed, { name: 'hidden', units: 4, activation: 'tanh', inputShape: [2] }),
      layers.batchNormalization({ name: 'bn', momentum: 0.5 }),
      layers.dropout({ rate: 0.5 }),
    ],
  });
  return sequential({ layers: [backbone, dense(seed + 1, { name: 'logits', units: 3 })] });
}

const changed = (before: Record<string, number[]>, model: LayersModel): string[] =>
  Object.entries(weightsOf(model))
    .filter(([name, after]) => JSON.stringify(after) !== JSON.stringify(before[name]))
    .map(([name]) => name);

describe('a teacher', () => {
  it('is the same byte for byte after a training, including statistics and flags', async () => {
    const teacher = nested(20);
    const student = nested(30);
    await train(onLabels(teacher), options(examples(8)));
    const hidden = teacher.getLayer('backbone20') as LayersModel;
    hidden.getLayer('hidden').trainable = false;
    const before = stateOf(teacher);
    const recipe = defineRecipe({
      student: { model: student, convention: 'logits' },
      teacher: layersTeacher(teacher, { convention: 'logits' }),
      terms: [softTarget({ temperature: 2 }), hardTarget()],
    });
    const untouched = variable(ones([2]), true);
    const untrained = weightsOf(student);
    await train(recipe, options(examples(8), { epochs: 3, optimizer: () => optimizers.adam(0.05) }));
    expect(stateOf(teacher)).toEqual(before);
    expect(values(untouched)).toEqual([1, 1]);
    untouched.dispose();
    expect(changed(untrained, student)).toEqual(Object.keys(untrained));
  });
});

describe('a student', () => {
  it('is the model of the recipe, with nothing added', async () => {
    const model = nested(1);
    const [config, layersBefore] = [JSON.stringify(model.getConfig()), [...model.layers]];
    const { student } = await train(onLabels(model), options(examples(8)));
    expect(student.model).toBe(model);
    expect(student.convention).toBe('logits');
    expect(model.layers).toEqual(layersBefore);
    expect(JSON.stringify(model.getConfig())).toBe(config);
  });

  it('keeps its frozen layers, including statistics', async () => {
    const model = sequential({
      layers: [
        dense(1, { name: 'a', units: 4, inputShape: [2] }),
        layers.batchNormalization({ name: 'frozen' }),
        dense(2, { name: 'b', units: 4 }),
        layers.batchNormalization({ name: 'learning' }),
        dense(3, { name: 'c', units: 3 }),
      ],
    });
    for (const name of ['frozen', 'b']) model.getLayer(name).trainable = false;
    const before = weightsOf(model);
    await train(onLabels(model), options(examples(8), { epochs: 2 }));
    const learnt = Object.keys(before).filter((name) => /^(a|learning|c)\//.test(name));
    expect(learnt).toHaveLength(8);
    expect(changed(before, model)).toEqual(learnt);
  });

  it('keeps a nested model whose outer model was frozen', async () => {
    const inner = sequential({
      name: 'inner',
      layers: [dense(1, { units: 4, inputShape: [2] }), layers.batchNormalization({})],
    });
    const outer = sequential({ name: 'outer', layers: [inner, dense(2, { units: 4 })] });
    const model = sequential({ layers: [outer, dense(3, { name: 'logits', units: 3 })] });
    outer.trainable = false;
    const before = weightsOf(model);
    const { of, onEvent } = recorder();
    await train(onLabels(model), options(examples(8), { onEvent }));
    expect(changed(before, model)).toEqual(['logits/kernel', 'logits/bias']);
    expect(of('start').map(({ parameters }) => parameters)).toEqual([4 * 3 + 3]);
  });

  it('stops learning in a layer that a callback freezes, including statistics', async () => {
    const model = sequential({
      layers: [
        dense(1, { name: 'a', units: 4, inputShape: [2], kernelConstraint: constraints.unitNorm({}) }),
        layers.batchNormalization({ name: 'bn' }),
        dense(2, { name: 'b', units: 3 }),
      ],
    });
    let frozen: Record<string, number[]> = {};
    const onEpochEnd = (epoch: number): void => {
      if (epoch > 0) return;
      model.getLayer('a').trainable = false;
      model.getLayer('bn').trainable = false;
      frozen = weightsOf(model);
    };
    const optimizer = (): Optimizer => optimizers.adam(0.05);
    await train(onLabels(model), options(examples(8), { epochs: 3, callbacks: [{ onEpochEnd }], optimizer }));
    expect(changed(frozen, model)).toEqual(['b/kernel', 'b/bias']);
  });

  const argument = 'the trainable weights';
  const onHidden = defineTerm({
    name: 'hidden',
    reads: { student: { hidden: 'hidden' } },
    loss: ({ student }) => ({ values: sum(student.hidden, 1) }),
    afterStep: () => undefined,
  });
  it.each([
    ['reaches a part of it', onHidden, 'no gradient for logits/kernel, logits/bias'],
    ['reaches nothing', { ...onHidden, loss: () => ({ values: ones([4]) }) }, 'no gradient for any of them'],
  ] as const)('is unchanged if the loss %s', async (_, term, received) => {
    const model = sequential({
      layers: [
        dense(1, { name: 'hidden', units: 4, inputShape: [2] }),
        layers.batchNormalization({ name: 'bn', trainable: false }),
        dense(2, { name: 'logits', units: 3 }),
      ],
    });
    const before = weightsOf(model);
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [term] });
    await expectNoLeak(async () => {
      const training = (): Promise<unknown> => train(recipe, options(examples(4)));
      await expectKdError(training, 'KD_GRADIENT_UNAVAILABLE', argument, received);
    });
    expect(changed(before, model)).toEqual([]);
  });

  it('cannot be frozen completely by a callback', async () => {
    const model = net();
    const onEpochEnd = (): void => {
      for (const layer of model.layers) layer.trainable = false;
    };
    await expectNoLeak(() =>
      expectKdError(
        () => train(onLabels(model), options(examples(4), { epochs: 2, callbacks: [{ onEpochEnd }] })),
        'KD_GRADIENT_UNAVAILABLE',
        argument,
        'frozen weights only',
      ),
    );
  });
});
