import { defineModule, defineTerm } from '@kd/core';
import { backends, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import type { Batch, Teacher, Term } from '@kd/core';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import {
  add,
  mean,
  mul,
  ones,
  SGDOptimizer,
  square,
  sub,
  tensor1d,
  tensor2d,
  train as optimizers,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { damaged } from '../../test/damaged.js';
import { memoryStore } from '../../test/memory-store.js';
import { dense, examples, weightsOf } from '../../test/small.js';
import { trainStages } from '../index.js';
import type {
  CheckpointFiles,
  CheckpointStore,
  Stage,
  StagesDefinition,
  StagesOptions,
  StagesRun,
  TrainOptions,
} from '../index.js';
import { decodeSafetensors } from './safetensors.js';

function student(seed = 1): LayersModel {
  return sequential({
    layers: [
      dense(seed, { name: 'one', units: 3, activation: 'tanh', inputShape: [2] }),
      layers.batchNormalization({ name: 'norm' }),
      layers.dropout({ name: 'drop', rate: 0.3 }),
      dense(seed + 1, { name: 'two', units: 3, activation: 'tanh' }),
      dense(seed + 2, { name: 'three', units: 3 }),
    ],
  });
}

/** A term with a trained variable, and one that each step updates. */
function withModule(): Term {
  const target = defineModule({
    name: 'target',
    reads: {},
    build: ({ seed }) => ({
      shift: variable(mul(ones([3]), (seed % 7) / 10)),
      drift: variable(zeros([3]), false),
    }),
  });
  return defineTerm({
    name: 'target',
    reads: { student: { norm: 'norm' } },
    modules: { target },
    loss: ({ student: { norm }, modules }) => {
      const { shift, drift } = modules.target;
      return {
        values: mean(square(sub(sub(norm, add(shift, drift)), 0.5)), 1),
        carry: { mean: mean(norm, 0) },
      };
    },
    afterStep: ({ modules, carry }) => {
      const { drift } = modules.target;
      drift.assign(add(drift, mul(carry.mean, 0.1)));
    },
  });
}

const teacher = (seed: number): Teacher =>
  layersTeacher(sequential({ layers: [dense(seed, { name: 'teacher', units: 3, inputShape: [2] })] }), {
    convention: 'logits',
  });
let theTeacher: Teacher | undefined;

const definition = (
  model: LayersModel,
  optimizer = (): Optimizer => optimizers.adam(0.05),
): StagesDefinition => ({
  student: { model, convention: 'logits' },
  teacher: (theTeacher ??= teacher(9)),
  stages: [
    {
      name: 'first',
      terms: [withModule()],
      trainable: ['one', 'norm'],
      epochs: 3,
      optimizer,
      earlyStopping: { metrics: 'losses', patience: 2 },
    },
    {
      name: 'second',
      terms: [softTarget({ temperature: 2, weight: ({ epoch }) => 2 - epoch / 4 }), hardTarget()],
      epochs: 3,
      optimizer,
      learningRateMultipliers: { one: 0.5 },
    },
  ],
});
const options = (more: Partial<StagesOptions> = {}): StagesOptions => ({
  data: examples(10),
  validation: { data: examples(5) },
  batchSize: 4,
  seed: 7,
  ...more,
});
const withoutTime = ({ stages, reason }: StagesRun): unknown => ({
  reason,
  stages: stages.map((stage) => ({
    ...stage,
    history: stage.history.map((record) => ({ ...record, seconds: 0 })),
  })),
});

/** Trains without a break, and saves the state after every step. */
async function uninterrupted(
  own: typeof definition = definition,
): Promise<{ run: StagesRun; weights: Record<string, number[]>; saved: CheckpointFiles[] }> {
  const model = student();
  const store = memoryStore();
  const run = await trainStages(own(model), options({ checkpoint: { store, everySteps: 1 } }));
  return { run, weights: weightsOf(model), saved: store.saved };
}

const resumed = (
  files: CheckpointFiles,
  model = student(50),
  own: typeof definition = definition,
): Promise<StagesRun> =>
  trainStages(own(model), options({ checkpoint: { store: memoryStore([files]), resume: true } }));

describe.each(backends)('a training that goes on from a checkpoint on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    theTeacher = undefined;
  });

  it('ends as the uninterrupted one, bit for bit, from any step of any stage', async () => {
    const { run, weights, saved } = await uninterrupted();
    // 3 epochs of 3 steps twice, one save after each epoch but the last, and one between and one after the
    // stages.
    expect(saved).toHaveLength(2 * (9 + 2 + 1));
    for (const files of saved) {
      const model = student(50);
      const again = await resumed(files, model);
      expect(weightsOf(model)).toEqual(weights);
      expect(withoutTime(again)).toEqual(withoutTime(run));
    }
  });

  it.each([
    ['sgd', () => optimizers.sgd(0.1)],
    ['momentum', () => optimizers.momentum(0.1, 0.9)],
    ['rmsprop', () => optimizers.rmsprop(0.01, 0.9, 0.5)],
    ['adagrad', () => optimizers.adagrad(0.1)],
    ['adadelta', () => optimizers.adadelta(1)],
    ['adamax', () => optimizers.adamax(0.01)],
  ])('has the whole state of %s', async (_, optimizer) => {
    const own = (model: LayersModel): StagesDefinition => definition(model, optimizer);
    const { weights, saved } = await uninterrupted(own);
    for (const files of [saved[4], saved[15]]) {
      const model = student(50);
      await resumed(files as CheckpointFiles, model, own);
      expect(weightsOf(model)).toEqual(weights);
    }
  });

  it('has more epochs at its end, as if from the start, with its modules', async () => {
    const extended = (model: LayersModel): StagesDefinition => {
      const { stages, ...whole } = definition(model);
      const [first, second] = stages as [Stage, Stage];
      // It learns the module too.
      return {
        ...whole,
        stages: [first, { ...second, epochs: 5, terms: [...second.terms, ...first.terms] }],
      };
    };
    const shorter = (model: LayersModel): StagesDefinition => {
      const { stages, ...whole } = extended(model);
      return { ...whole, stages: stages.map((stage) => ({ ...stage, epochs: 3 })) };
    };
    const { run, weights } = await uninterrupted(extended);
    const { saved } = await uninterrupted(shorter);
    const model = student(50);
    expect(withoutTime(await resumed(saved.at(-1) ?? {}, model, extended))).toEqual(withoutTime(run));
    expect(weightsOf(model)).toEqual(weights);
  });
});

describe('a checkpoint', () => {
  beforeAll(async () => {
    await useBackend('cpu');
    theTeacher = undefined;
  });

  it('has the weights of that moment by name, bit for bit', async () => {
    const model = student();
    const store = memoryStore();
    const seen: Record<string, number[]>[] = [];
    const onEvent: StagesOptions['onEvent'] = ({ type }) => {
      if (type === 'step') seen.push(weightsOf(model));
    };
    await trainStages(definition(model), options({ checkpoint: { store, everySteps: 1 }, onEvent }));
    const read = decodeSafetensors(store.saved[1]?.['student.safetensors'] as Uint8Array, damaged);
    expect(Object.keys(read)).toEqual([
      'one/kernel',
      'one/bias',
      'norm/gamma',
      'norm/beta',
      'norm/moving_mean',
      'norm/moving_variance',
      'two/kernel',
      'two/bias',
      'three/kernel',
      'three/bias',
    ]);
    expect(
      Object.fromEntries(Object.entries(read).map(([name, value]) => [name, Array.from(value.dataSync())])),
    ).toEqual(seen[1]);
    const modules = decodeSafetensors(store.saved[1]?.['modules.safetensors'] as Uint8Array, damaged);
    expect(Object.keys(modules)).toEqual(['target/shift', 'target/drift']);
    const slots = decodeSafetensors(store.saved[1]?.['optimizer.safetensors'] as Uint8Array, damaged);
    expect(Object.keys(slots)).toContain('accumulatedFirstMoment/target/shift');
  });

  it('of a finished training gives its result at once', async () => {
    const { run, weights, saved } = await uninterrupted();
    const model = student(50);
    let steps = 0;
    const again = await trainStages(
      definition(model),
      options({
        checkpoint: { store: memoryStore(saved), resume: true },
        onEvent: () => {
          steps += 1;
        },
      }),
    );
    expect(steps).toBe(0);
    expect(again.stages).toEqual(run.stages);
    expect(again.reason).toBe(run.reason);
    expect(weightsOf(model)).toEqual(weights);
  });

  it('is saved when the signal ends the training in the middle of an epoch, and nothing is lost', async () => {
    const { run, weights } = await uninterrupted();
    const store = memoryStore();
    for (let part = 0, reason = 'aborted'; reason === 'aborted'; part++) {
      expect(part).toBeLessThan(12);
      const controller = new AbortController();
      let left = 2;
      const onEvent: StagesOptions['onEvent'] = ({ type }) => {
        if (type === 'step' && left-- === 0) controller.abort();
      };
      const model = student(50 + part);
      // The first part begins with the weights of the uninterrupted training.
      const own = part === 0 ? student() : model;
      const { signal } = controller;
      const again = await trainStages(
        definition(own),
        options({ checkpoint: { store, resume: true }, signal, onEvent }),
      );
      ({ reason } = again);
      if (reason === 'aborted') continue;
      expect(weightsOf(own)).toEqual(weights);
      expect(withoutTime(again)).toEqual(withoutTime(run));
    }
  });

  it('includes gradients of whole steps only, with several batches per step', async () => {
    const own = (model: LayersModel): StagesDefinition => {
      const whole = definition(model);
      return { ...whole, stages: whole.stages.map((stage) => ({ ...stage, accumulationSteps: 2 })) };
    };
    const { weights, saved } = await uninterrupted(own);
    for (const files of saved) {
      const model = student(50);
      await resumed(files, model, own);
      expect(weightsOf(model)).toEqual(weights);
    }
  });

  it('at the end of an epoch reads no more of its data if the last group of batches is incomplete', async () => {
    const { inputs, labels } = examples(12);
    const own = (model: LayersModel): StagesDefinition => {
      const { stages, ...whole } = definition(model);
      return { ...whole, stages: stages.map((stage) => ({ ...stage, accumulationSteps: 2 })) };
    };
    const batchesOf = (first: number): Batch => ({
      inputs: { x: tensor2d(inputs.values.slice(2 * first, 2 * first + 8), [4, 2]) },
      targets: { labels: tensor1d(labels.slice(first, first + 4), 'int32') },
    });
    const asked: string[] = [];
    const data: TrainOptions['data'] = ({ epoch, skip }) => {
      asked.push(`epoch ${String(epoch)} after ${String(skip)}`);
      return [0, 4, 8].slice(skip).map(batchesOf);
    };
    const store = memoryStore();
    const train = (kept: CheckpointStore): Promise<StagesRun> =>
      trainStages(own(student()), {
        data,
        stepsPerEpoch: 2,
        validation: { data: examples(5) },
        seed: 7,
        checkpoint: { store: kept, everySteps: 1, resume: true },
      });
    await train(store);
    asked.length = 0;
    // After both steps of the first epoch, of two batches and of one.
    await train(memoryStore([store.saved[1] as CheckpointFiles]));
    expect(asked[0]).toBe('epoch 1 after 0');
    expect(asked).toHaveLength(5);
  });

  it('keeps metrics that are NaN or infinite', async () => {
    const own = (model: LayersModel): StagesDefinition => {
      const whole = definition(model);
      const score = (): number => NaN;
      return {
        ...whole,
        stages: whole.stages.map((stage) => ({ ...stage, earlyStopping: { ...stage.earlyStopping, score } })),
      };
    };
    const { run, saved } = await uninterrupted(own);
    expect(withoutTime(await resumed(saved[8] as CheckpointFiles, student(50), own))).toEqual(
      withoutTime(run),
    );
  });

  it('leaks no tensor when saved or loaded', async () => {
    const model = student();
    const own = definition(model);
    const store = memoryStore();
    await expectNoLeak(async () => {
      await trainStages(own, options({ checkpoint: { store, everySteps: 1 } }));
    });
    for (const files of [store.saved[4], store.saved[11], store.saved[15], store.saved[23]]) {
      await expectNoLeak(async () => {
        await trainStages(
          own,
          options({ checkpoint: { store: memoryStore([files as CheckpointFiles]), resume: true } }),
        );
      });
    }
  });

  it('is not needed to resume: the training begins from the start', async () => {
    const { weights } = await uninterrupted();
    const model = student();
    await trainStages(definition(model), options({ checkpoint: { store: memoryStore(), resume: true } }));
    expect(weightsOf(model)).toEqual(weights);
  });
});

describe('the lock of a store', () => {
  beforeAll(async () => {
    await useBackend('cpu');
    theTeacher = undefined;
  });
  const locked = (failing?: 'save' | 'load'): { store: CheckpointStore; calls: string[] } => {
    const memory = memoryStore();
    const calls: string[] = [];
    const noted =
      <Given extends unknown[], Result>(name: 'save' | 'load', call: (...given: Given) => Promise<Result>) =>
      (...given: Given): Promise<Result> => {
        calls.push(name);
        return name === failing ? Promise.reject(new Error('stop')) : call(...given);
      };
    const lock = (): Promise<() => Promise<void>> => {
      calls.push('lock');
      return Promise.resolve(() => {
        calls.push('unlock');
        return Promise.resolve();
      });
    };
    return {
      store: {
        ...memory,
        save: noted('save', memory.save.bind(memory)),
        load: noted('load', memory.load.bind(memory)),
        lock,
      },
      calls,
    };
  };
  const train = (store: CheckpointStore): Promise<StagesRun> =>
    trainStages(definition(student()), options({ checkpoint: { store } }));

  it('is held from before the first load until after the last save', async () => {
    const { store, calls } = locked();
    await train(store);
    expect(calls.slice(0, 3)).toEqual(['lock', 'load', 'save']);
    expect(calls.slice(-2)).toEqual(['save', 'unlock']);
    expect(calls.filter((call) => call.endsWith('lock'))).toEqual(['lock', 'unlock']);
  });

  it.each(['save', 'load'] as const)('is released when a %s fails', async (failing) => {
    const { store, calls } = locked(failing);
    await expect(train(store)).rejects.toThrow('stop');
    expect(calls.slice(-2)).toEqual([failing, 'unlock']);
  });

  it('must be a function if it is given', () =>
    expectKdError(
      () => train({ ...memoryStore(), lock: true as never }),
      'KD_OPTION_TYPE',
      'options.checkpoint.store',
      'lock',
    ));
});

describe('a checkpoint that cannot be used', () => {
  beforeAll(async () => {
    await useBackend('cpu');
    theTeacher = undefined;
  });

  it('is an error if the training does not resume, and nothing is written', async () => {
    const { saved } = await uninterrupted();
    const store = memoryStore([...saved]);
    await expectKdError(
      () => trainStages(definition(student()), options({ checkpoint: { store } })),
      'KD_CHECKPOINT_EXISTS',
      `memory-${String(saved.length)}`,
      'options.checkpoint.store',
    );
    expect(store.saved).toHaveLength(saved.length);
  });

  const change = (model: LayersModel, ...edits: Partial<Stage>[]): StagesDefinition => {
    const whole = definition(model);
    return { ...whole, stages: whole.stages.map((stage, index) => ({ ...stage, ...edits[index] })) };
  };
  const soft = (temperature: number, weight: number): Term => softTarget({ temperature, weight });
  it.each<[string, (model: LayersModel) => StagesDefinition, Partial<StagesOptions>, ...string[]]>([
    ['seed', definition, { seed: 8 }, 'seed of the checkpoint'],
    ['batch size', definition, { batchSize: 5 }, 'batchSize of the checkpoint'],
    ['length of the data', definition, { data: examples(11) }, 'datasetSize of the checkpoint'],
    ['name of a stage', (model) => change(model, { name: 'hints' }), {}, 'stages[0].name'],
    ['choice of layers', (model) => change(model, { trainable: ['one'] }), {}, 'stages[0].trained[2]'],
    [
      'learning rate',
      (model) => definition(model, () => optimizers.adam(0.1)),
      {},
      'stages[0].optimizer.learningRate',
    ],
    ['optimizer', (model) => definition(model, () => optimizers.sgd(0.05)), {}, 'stages[0].optimizer.class'],
    [
      'weight of a term',
      (model) => change(model, {}, { terms: [soft(2, 3), hardTarget()] }),
      {},
      'stages[1].terms[0].weight',
    ],
    [
      'schedule',
      (model) =>
        change(
          model,
          {},
          { terms: [softTarget({ temperature: 2, weight: ({ epoch }) => 2 - epoch / 5 }), hardTarget()] },
        ),
      {},
      'stages[1].terms[0].weight[1]',
    ],
    [
      'temperature',
      (model) =>
        change(
          model,
          {},
          { terms: [softTarget({ temperature: 3, weight: ({ epoch }) => 2 - epoch / 4 }), hardTarget()] },
        ),
      {},
      'stages[1].terms[0].scalars.temperature',
    ],
    ['number of terms', (model) => change(model, {}, { terms: [hardTarget()] }), {}, 'stages[1].terms[0]'],
    [
      'teacher',
      (model) => ({
        ...definition(model),
        teacher: teacher(8),
      }),
      {},
      'teacher of the checkpoint',
    ],
  ])('because of another %s', async (_, own, more, ...facts) => {
    const { saved } = await uninterrupted();
    const model = student(50);
    const before = weightsOf(model);
    const store = memoryStore([saved[10] as CheckpointFiles]);
    await expectKdError(
      () => trainStages(own(model), { ...options(more), checkpoint: { store, resume: true } }),
      'KD_CHECKPOINT_MISMATCH',
      ...facts,
    );
    expect(weightsOf(model)).toEqual(before);
  });

  it('because of another student', async () => {
    const { saved } = await uninterrupted();
    const other = sequential({
      layers: [
        dense(1, { name: 'one', units: 5, inputShape: [2] }),
        layers.batchNormalization({ name: 'norm' }),
        dense(1, { name: 'two', units: 3 }),
      ],
    });
    const whole = definition(other);
    const stages = whole.stages.map((stage) => ({ ...stage, terms: [hardTarget()] }));
    const store = memoryStore(saved);
    await expectKdError(
      () => trainStages({ ...whole, stages }, options({ checkpoint: { store, resume: true } })),
      'KD_CHECKPOINT_MISMATCH',
      'student.weights[0]',
      '[2,5]',
      'one/kernel [2,3]',
    );
  });

  const files = [
    'manifest.json',
    'student.safetensors',
    'modules.safetensors',
    'optimizer.safetensors',
    'best.safetensors',
  ];
  it.each(files)('because %s is truncated, altered, missing or foreign', async (name) => {
    const { saved } = await uninterrupted();
    const whole = saved[5] as CheckpointFiles;
    const file = whole[name] as Uint8Array;
    const altered = Uint8Array.from(file);
    const at = name === 'manifest.json' ? 5 : file.length - 1;
    altered[at] = (altered[at] ?? 0) ^ 1;
    const { [name]: gone, ...without } = whole;
    expect(gone).toBeDefined();
    const faults = [
      { ...whole, [name]: file.slice(0, file.length >> 1) },
      { ...whole, [name]: new Uint8Array() },
      { ...whole, [name]: altered },
      { ...whole, [name]: new TextEncoder().encode('{"format":"another"}') },
      without,
    ];
    const model = student(50);
    const before = weightsOf(model);
    for (const fault of faults) {
      await expectNoLeak(() =>
        expectKdError(
          () => resumed(fault, model),
          'KD_CHECKPOINT_DAMAGED',
          `${name} of the checkpoint memory-1`,
          '1',
        ),
      );
    }
    expect(weightsOf(model)).toEqual(before);
  });

  it('because its manifest is JSON but was changed', async () => {
    const { saved } = await uninterrupted();
    const whole = saved[5] as CheckpointFiles;
    const manifest = JSON.parse(new TextDecoder().decode(whole['manifest.json'])) as Record<string, unknown>;
    const state = { ...(manifest['state'] as object), stage: 1 };
    const faults: object[] = [
      { state },
      { state: undefined },
      { files: undefined },
      { config: {} },
      { configHash: '' },
    ];
    for (const fault of faults) {
      const file = new TextEncoder().encode(JSON.stringify({ ...manifest, ...fault }));
      await expectKdError(
        () => resumed({ ...whole, 'manifest.json': file }),
        'KD_CHECKPOINT_DAMAGED',
        'manifest.json of the checkpoint memory-1',
      );
    }
  });

  it('because another version wrote it, with other sums for an unfinished epoch', async () => {
    const { saved } = await uninterrupted();
    const whole = saved[5] as CheckpointFiles;
    const manifest = JSON.parse(new TextDecoder().decode(whole['manifest.json'])) as Record<string, unknown>;
    const file = new TextEncoder().encode(JSON.stringify({ ...manifest, formatVersion: 1 }));
    await expectKdError(
      () => resumed({ ...whole, 'manifest.json': file }),
      'KD_CHECKPOINT_MISMATCH',
      'the format of the checkpoint memory-1',
      'version 1',
    );
  });

  it('because its optimizer has an unknown state', async () => {
    class Own extends SGDOptimizer {
      override getClassName(): string {
        return 'Own';
      }
    }
    await expectKdError(
      () =>
        trainStages(
          definition(student(), () => new Own(0.1)),
          options({ checkpoint: { store: memoryStore() } }),
        ),
      'KD_OPTION_TYPE',
      'what the option optimizer returns',
    );
  });

  it.each([
    ['options that are not an object', 'runs', 'options.checkpoint'],
    ['a path for a store', { store: 'runs' }, 'options.checkpoint.store'],
    ['a string for resume', { store: memoryStore(), resume: 'yes' }, 'options.checkpoint.resume'],
    ['an invalid step', { store: memoryStore(), everySteps: '1' }, 'options.checkpoint.everySteps'],
  ])('because of %s', (_, checkpoint, part) =>
    expectKdError(
      () => trainStages(definition(student()), options({ checkpoint: checkpoint as never })),
      'KD_OPTION_TYPE',
      part,
    ),
  );
});
