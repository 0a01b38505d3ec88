import { registerTrainingKernels } from '@kd/backend';
import { backends, expectClose, expectNoLeak, useBackend } from '@kd/testing';
import { hardTarget, softTarget, softTargetCrossEntropy } from '@kd/soft-target-loss';
import { defineRecipe } from '@kd/recipe';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { StageRun, TrainEvent } from '@kd/trainer';
import { io, tensor4d, train as optimizers } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, loadLayersModel, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { changed, images, options, run, thinStudent, weightsOf, wideTeacher } from '../test/small.js';

const lower = [
  'thin_1/kernel',
  'thin_1/bias',
  'norm_1/gamma',
  'norm_1/beta',
  'norm_1/moving_mean',
  'norm_1/moving_variance',
  'thin_2/kernel',
  'thin_2/bias',
];

/** The weights of the student at the end of each stage. */
async function watched(
  model: LayersModel,
  more: Parameters<typeof options>[1] = {},
): Promise<{ ends: Record<string, number[]>[]; stages: readonly StageRun[]; events: TrainEvent[] }> {
  const ends: Record<string, number[]>[] = [];
  const events: TrainEvent[] = [];
  const onEvent = (event: TrainEvent): void => {
    events.push(event);
    if (event.type === 'end') ends.push(weightsOf(model));
  };
  const { stages } = await run(options(model, { onEvent, ...more }));
  return { ends, stages, events };
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') registerTrainingKernels();
    await useBackend(backend);
  });

  it('the first stage trains the layers up to the guided one, the second all', async () => {
    const model = thinStudent();
    const before = weightsOf(model);
    const { ends, stages } = await watched(model);
    expect(stages.map(({ name, reason }) => [name, reason])).toEqual([
      ['hints', 'finished'],
      ['distillation', 'finished'],
    ]);
    const [first = {}, second = {}] = ends;
    expect(changed(before, first).sort()).toEqual([...lower].sort());
    expect(changed(first, second).sort()).toEqual(Object.keys(before).sort());
    expect(second).toEqual(weightsOf(model));
  });

  it('the first stage does not see the labels: permuting them changes nothing', async () => {
    const { inputs, labels } = images(12);
    const validation = { data: images(5, 50) };
    const permuted = { data: images(5, 50).inputs, labels: new Int32Array(5) };
    const runs = await Promise.all([
      watched(thinStudent(), { data: { inputs, labels }, validation }),
      watched(thinStudent(), {
        data: { inputs, labels: labels.map((label) => (label + 1) % 3) },
        validation: { data: { inputs: permuted.data, labels: permuted.labels } },
      }),
    ]);
    expect(runs[1].ends[0]).toEqual(runs[0].ends[0]);
    expect(runs[1].ends[1]).not.toEqual(runs[0].ends[1]);
    expect(runs[1].stages[0]?.history.map(({ losses, validation: measured }) => [losses, measured])).toEqual(
      runs[0].stages[0]?.history.map(({ losses, validation: measured }) => [losses, measured]),
    );
  });

  it('gets closer to the hint', async () => {
    const model = thinStudent();
    const { stages } = await watched(model, {
      hints: { epochs: 30, optimizer: () => optimizers.rmsprop(0.005) },
    });
    const losses = stages[0]?.history.map(({ losses: { 'hint thin_2<-wide_2': loss = NaN } }) => loss) ?? [];
    expect(losses.at(-1)).toBeLessThan(0.5 * (losses[0] ?? 0));
  });
});

describe('trainInTwoStages', () => {
  beforeAll(() => useBackend('cpu'));

  it('weights the soft targets with λ from 4 to 1 without T², and the labels with 1', async () => {
    const model = thinStudent();
    const sgd = (): ReturnType<typeof optimizers.sgd> => optimizers.sgd(0);
    const { events } = await watched(model, {
      hints: { epochs: 1, optimizer: sgd },
      distillation: { epochs: 4, optimizer: sgd },
      data: images(4),
    });
    const steps = events.flatMap((event) => (event.type === 'step' ? [event] : []));
    expect(steps.map(({ stage, weights }) => [stage, weights])).toEqual([
      [0, { 'hint thin_2<-wide_2': 1 }],
      ...[4, 3.25, 2.5, 1.75].map((soft) => [1, { soft, hard: 1 }]),
    ]);
  });

  it('has no T² in the soft loss: at τ = 3 it is a ninth of the usual one', async () => {
    const plain = (): LayersModel =>
      sequential({
        layers: [
          layers.flatten({ inputShape: [6, 6, 1] }),
          layers.dense({ units: 3, name: 'logits', kernelInitializer: 'ones' }),
        ],
      });
    const { events } = await watched(plain(), {
      hint: undefined as never,
      guided: undefined as never,
      hints: undefined as never,
      distillation: { epochs: 1, optimizer: () => optimizers.sgd(0) },
      batchSize: 12,
    });
    const [step] = events.flatMap((event) => (event.type === 'step' ? [event] : []));
    const { values, shape } = images(12).inputs;
    const x = tensor4d(values, shape as [number, number, number, number]);
    const [teacher, student] = [wideTeacher().predict(x) as Tensor, plain().predict(x) as Tensor];
    const entropy = softTargetCrossEntropy(teacher, teacher, { temperature: 3 });
    const usual = softTargetCrossEntropy(teacher, student, { temperature: 3 });
    const [all, least] = [Array.from(await usual.data()), await entropy.data()];
    const mean = all.reduce((sum, value, row) => sum + value - (least[row] ?? 0), 0) / 12;
    expectClose(step?.losses['soft'] ?? NaN, mean / 9, { relative: 1e-4, absolute: 0 });
  });

  it('returns the student with nothing added, loadable by tfjs alone, and does not change the teacher', async () => {
    const [model, teacher] = [thinStudent(), wideTeacher()];
    const [before, names] = [weightsOf(teacher), Object.keys(weightsOf(model))];
    const topology = JSON.stringify(model.toJSON(undefined, false));
    const ended = await run(options(model, { teacher: layersTeacher(teacher, { convention: 'logits' }) }));
    expect(ended.student.model).toBe(model);
    expect(Object.keys(weightsOf(model))).toEqual(names);
    expect(JSON.stringify(model.toJSON(undefined, false))).toBe(topology);
    expect(weightsOf(teacher)).toEqual(before);
    let saved: io.ModelArtifacts = {};
    await model.save(
      io.withSaveHandler((artifacts) => {
        saved = artifacts;
        return Promise.resolve({
          modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' as const },
        });
      }),
    );
    const { values, shape } = images(2).inputs;
    const x = tensor4d(values, shape as [number, number, number, number]);
    const loaded = await loadLayersModel(io.fromMemory(saved));
    expect(await (loaded.predict(x) as Tensor).array()).toEqual(await (model.predict(x) as Tensor).array());
  });

  it('is plain distillation without a hint, equal to training that recipe', async () => {
    const [model, plain] = [thinStudent(), thinStudent()];
    const optimizer = (): ReturnType<typeof optimizers.adam> => optimizers.adam(0.01);
    const { hint, guided, hints, ...rest } = options(model, { distillation: { epochs: 2, optimizer } });
    expect([hint, guided, hints]).not.toContain(undefined);
    await run(rest);
    const recipe = defineRecipe({
      student: { model: plain, convention: 'logits' },
      teacher: rest.teacher,
      terms: [
        softTarget({
          temperature: 3,
          weight: ({ epoch }) => 4 - 1.5 * epoch,
          scaleByTemperatureSquared: false,
        }),
        hardTarget(),
      ],
    });
    await train(recipe, { data: images(12), batchSize: 4, seed: 3, epochs: 2, optimizer });
    expect(weightsOf(model)).toEqual(weightsOf(plain));
  });

  it('trains jointly on request: one stage, three terms, all layers', async () => {
    const model = thinStudent();
    const before = weightsOf(model);
    const { hints, ...rest } = options(model, { strategy: 'joint' });
    expect(hints).toBeDefined();
    const { stages } = await run(rest);
    expect(stages.map(({ name, history }) => [name, Object.keys(history[0]?.losses ?? {})])).toEqual([
      ['distillation', ['hint thin_2<-wide_2', 'soft', 'hard']],
    ]);
    expect(changed(before, weightsOf(model)).sort()).toEqual(Object.keys(before).sort());
  });

  it('takes several pairs: up to the deepest guided layer', async () => {
    const model = thinStudent();
    const before = weightsOf(model);
    const { ends, stages } = await watched(model, {
      hint: ['wide_1', 'wide_2'],
      guided: ['thin_1', 'thin_3'],
    });
    expect(Object.keys(stages[0]?.history[0]?.losses ?? {})).toEqual(['hint thin_1<-wide_1, thin_3<-wide_2']);
    expect(changed(before, ends[0] ?? {}).sort()).toEqual([...lower, 'thin_3/kernel', 'thin_3/bias'].sort());
  });

  it('taps nested models, shared layers and pre-activations', async () => {
    const shared = layers.dense({ name: 'shared', units: 4, activation: 'tanh' });
    const nested = sequential({
      name: 'nested',
      layers: [
        layers.dense({ name: 'inner', units: 4, inputShape: [4] }),
        layers.dense({ name: 'above', units: 4 }),
      ],
    });
    const x = input({ shape: [6, 6, 1] });
    const apply = (layer: { apply(value: SymbolicTensor): unknown }, value: SymbolicTensor): SymbolicTensor =>
      layer.apply(value) as SymbolicTensor;
    const first = apply(shared, apply(layers.dense({ name: 'stem', units: 4 }), apply(layers.flatten(), x)));
    const outputs = apply(layers.dense({ name: 'logits', units: 3 }), apply(shared, apply(nested, first)));
    const model = functional({ inputs: x, outputs });
    const teacher = sequential({
      layers: [
        layers.flatten({ inputShape: [6, 6, 1] }),
        layers.dense({ name: 'hidden', units: 7, activation: 'relu' }),
        layers.dense({ units: 3 }),
      ],
    });
    const before = weightsOf(model);
    const pair = {
      teacher: layersTeacher(teacher, { convention: 'logits' }),
      hint: { layer: 'hidden', at: 'preActivation' },
    } as const;
    const inner = await watched(model, { ...pair, guided: 'nested/inner' });
    expect(
      changed(before, inner.ends[0] ?? {}).every((name) => /^(stem|shared|nested\/inner)\//.test(name)),
    ).toBe(true);
    const again = weightsOf(model);
    const first_ = await watched(model, { ...pair, guided: { layer: 'shared', node: 0 } });
    expect(changed(again, first_.ends[0] ?? {}).every((name) => /^(stem|shared)\//.test(name))).toBe(true);
  });

  it('updates batch normalisation statistics once per step, and not at all if a stage freezes them', async () => {
    const model = thinStudent();
    const means: [number[], number[]][] = [];
    await run(
      options(model, {
        onEvent: ({ type }) => {
          if (type !== 'step') return;
          const { 'norm_1/moving_mean': one = [], 'norm_2/moving_mean': two = [] } = weightsOf(model);
          means.push([one, two]);
        },
      }),
    );
    expect(means).toHaveLength(12);
    const movesOf = (which: 0 | 1): boolean[] =>
      means
        .slice(1)
        .map((pair, step) => JSON.stringify(pair[which]) !== JSON.stringify(means[step]?.[which]));
    expect(movesOf(0)).toEqual(Array<boolean>(11).fill(true));
    expect(movesOf(1)).toEqual([...Array<boolean>(5).fill(false), ...Array<boolean>(6).fill(true)]);
  });

  it('trains the guided layers more slowly on request', async () => {
    const model = thinStudent();
    const { ends } = await watched(model, {
      distillation: { epochs: 1, optimizer: () => optimizers.rmsprop(0.005), guidedLearningRate: 0 },
    });
    const trained = changed(ends[0] ?? {}, ends[1] ?? {});
    expect(trained.filter((name) => lower.includes(name))).toEqual([
      'norm_1/moving_mean',
      'norm_1/moving_variance',
    ]);
    expect(trained).toContain('thin_3/kernel');
  });

  it('needs no labels if their weight is 0', async () => {
    const { inputs } = images(8);
    const { stages } = await watched(thinStudent(), {
      data: { inputs },
      validation: { data: { inputs } },
      hardWeight: 0,
      distillation: { epochs: 1, metrics: 'losses', optimizer: () => optimizers.rmsprop(0.005) },
    });
    expect(stages.map(({ history }) => Object.keys(history[0]?.validation ?? {}))).toEqual([
      ['hint thin_2<-wide_2', 'loss'],
      ['soft', 'loss'],
    ]);
  });

  it('ends each stage at its best epoch, with a separate patience', async () => {
    const optimizer = (): ReturnType<typeof optimizers.sgd> => optimizers.sgd(0);
    const { stages } = await watched(thinStudent(), {
      validation: { data: images(5, 50) },
      hints: { epochs: 9, patience: 2, optimizer },
      distillation: { epochs: 9, patience: 1, score: () => 1, optimizer },
    });
    expect(stages.map(({ reason, bestEpoch, history }) => [reason, bestEpoch, history.length])).toEqual([
      ['early', expect.any(Number), expect.any(Number)],
      ['early', 0, 2],
    ]);
  });

  it('leaks no tensor over both stages', async () => {
    const validation = { data: images(5, 50) };
    const own = options(thinStudent(), { validation, regressor: { kind: 'resize' } });
    await expectNoLeak(async () => {
      await run(own);
    });
  });
});
