// Faults in the middle of a training that tfjs or JavaScript would report without saying where.
import type { Teacher } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { alignClasses, cachedTeacher, ensembleTeacher } from '@kd/teacher';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { SGDOptimizer, tensor1d, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../test/memory-store.js';
import { examples, net, numbersOf, onLabels, options, recorder } from '../test/small.js';
import { evaluate, train } from './index.js';
import type { CheckpointStore, Run, TrainOptions } from './index.js';

await useBackend('cpu');

describe('a data tensor that is disposed after the first step', () => {
  const given = () => ({
    inputs: tensor2d(examples(8).inputs.values, [8, 2]),
    labels: tensor1d(examples(8).labels, 'int32'),
  });
  const trained = (
    { data, validation }: Pick<TrainOptions, 'data' | 'validation'>,
    victim: Tensor,
  ): Promise<Run> => {
    const onEvent: TrainOptions['onEvent'] = (event) => {
      if (event.type === 'step' && event.step === 0) victim.dispose();
    };
    const more = { epochs: 2, onEvent, ...(validation === undefined ? {} : { validation }) };
    return train(onLabels(net()), options(data, more));
  };

  it.each(['inputs', 'labels'] as const)('is named: %s', async (name) => {
    const data = given();
    const facts = ['train', `options.data.${name}`, 'a disposed'];
    await expectKdError(() => trained({ data }, data[name]), 'KD_TENSOR_TYPE', ...facts);
  });

  it('is named in the validation set', async () => {
    const data = given();
    const facts = ['train, options.validation', 'data.inputs', 'a disposed float32 tensor [8,2]'];
    const body = () => trained({ data: examples(8), validation: { data } }, data.inputs);
    await expectKdError(body, 'KD_TENSOR_TYPE', ...facts);
  });
});

const output = () => zeros([4, 3]);
const right = () => ({ members: [{ outputs: { output: output() }, weight: 1 }], taps: [] });
const member = (own: unknown) => ({ members: [own], taps: [] });

/** Answers rightly twice, then with this. */
const broken = (answer: () => unknown): Teacher => {
  let asked = 0;
  const info = { convention: 'logits', shape: [null, 3], classes: ['a', 'b', 'c'] } as const;
  return {
    describe: () =>
      Promise.resolve({ outputs: { output: info }, taps: [], fingerprint: 'broken', frozen: true }),
    predict: () => (asked++ < 2 ? right() : answer()) as never,
  };
};
const wrappers: readonly [string, (teacher: Teacher) => Teacher][] = [
  ['a teacher', (teacher) => teacher],
  ['cachedTeacher', cachedTeacher],
  ['ensembleTeacher', (teacher) => ensembleTeacher({ one: teacher, two: broken(right) })],
  ['alignClasses', (teacher) => alignClasses(teacher, { classes: ['c', 'b', 'a'] })],
];
const answers: readonly [string, () => unknown, ...string[]][] = [
  ['undefined', () => undefined],
  ['no members', () => ({ taps: [] })],
  ['empty members', () => ({ members: [], taps: [] })],
  ['a member that is undefined', () => member(undefined)],
  ['a member without outputs', () => member({ weight: 1 })],
  ['a member without a weight', () => member({ outputs: { output: output() } })],
  ['a member without the output', () => member({ outputs: { other: output() }, weight: 1 })],
  ['an output that is a number', () => member({ outputs: { output: 3, other: output() }, weight: 1 })],
  ['no taps', () => ({ members: right().members })],
  ['taps that are none', () => ({ ...right(), taps: [3] })],
];

describe.each(wrappers)('%s that suddenly answers', (_, wrap) => {
  it.each(answers)('%s is named, and nothing changes or leaks', async (__, answer) => {
    const model = net();
    let before: number[] = [];
    const onEvent = (): void => void (before = numbersOf(model));
    const ids = Array.from({ length: 16 }, (___, id) => String(id));
    const recipe = defineRecipe({
      student: { model, convention: 'logits' },
      teacher: wrap(broken(answer)),
      terms: [softTarget({ temperature: 2 })],
    });
    const body = () => train(recipe, options({ ...examples(16), ids }, { onEvent }));
    await expectNoLeak(() => expectKdError(body, 'KD_TEACHER_OUTPUT', 'its answer'));
    expect(before).not.toEqual([]);
    expect(numbersOf(model)).toEqual(before);
  });
});

it.each(answers)('evaluate names a teacher that suddenly answers %s', async (_, answer) => {
  const body = () => evaluate(broken(answer), examples(16), { batchSize: 4 });
  await expectNoLeak(() => expectKdError(body, 'KD_TEACHER_OUTPUT', 'its answer'));
});

it('one student in two trainings at once: the second is refused, and the first goes on', async () => {
  const [model, alone] = [net(), net()];
  const first = train(onLabels(model), options(examples(8), { epochs: 2 }));
  const second = train(onLabels(model), options(examples(8)));
  await expectKdError(() => second, 'KD_TEACHER_TRAINED', 'the student', 'in another training');
  await first;
  await train(onLabels(alone), options(examples(8), { epochs: 2 }));
  expect(numbersOf(model)).toEqual(numbersOf(alone));
});

it('terms that all have the weight 0 are refused: nothing would be learnt', async () => {
  const student = () => ({ model: net(), convention: 'logits' }) as const;
  const none = hardTarget({ weight: 0 });
  const facts = ['the weight of the only term', '0 in "hard"'];
  await expectKdError(() => defineRecipe({ student: student(), terms: [none] }), 'KD_WEIGHT_RANGE', ...facts);
  const two = [none, hardTarget({ weight: 0, name: 'again' })];
  const body = () => train({ student: student(), terms: two }, options(examples(8)));
  await expectKdError(body, 'KD_WEIGHT_RANGE', '0 in "hard", "again"');
  const later = hardTarget({ weight: ({ epoch }) => epoch });
  const run = await train(
    { student: student(), terms: [none, { ...later, name: 'later' }] },
    options(examples(8), { epochs: 2 }),
  );
  expect(run.history[1]?.total).toBeGreaterThan(0);
});

describe('a checkpoint', () => {
  const trained = (store: CheckpointStore, more: Partial<TrainOptions> = {}, model = net()): Promise<Run> =>
    train(onLabels(model), options(examples(8), { checkpoint: { store, resume: true }, ...more }));

  it.each<[string, unknown, string]>([
    ['null', null, 'null'],
    ['a number', 3, '3'],
    ['no files', { name: 'x' }, 'an object with name'],
    ['no name', { files: {} }, 'an object with files'],
    ['files that are texts', { name: 'x', files: { 'manifest.json': '{}' } }, '"{}"'],
  ])('whose store loads %s is refused before the first step', async (_, loaded, received) => {
    const { events, onEvent } = recorder();
    const store = { ...memoryStore(), load: () => Promise.resolve(loaded as never) };
    const facts = ['what options.checkpoint.store.load resolves to', received];
    await expectKdError(() => trained(store, { onEvent }), 'KD_OPTION_TYPE', ...facts);
    expect(events).toEqual([]);
  });

  it.each<[string, () => unknown, string]>([
    ['throws', () => { throw new Error('no config'); }, 'no config'], // prettier-ignore
    ['returns what JSON cannot hold', () => ({ units: 1n }), 'BigInt'],
  ])('of a layer or an optimizer whose getConfig %s is refused before', async (_, getConfig, reason) => {
    class Passing extends layers.Layer {
      static readonly className = 'Passing';
      override call(inputs: Tensor | Tensor[]): Tensor {
        return Array.isArray(inputs) ? (inputs[0] as Tensor) : inputs;
      }
      override getConfig(): serialization.ConfigDict {
        return getConfig() as serialization.ConfigDict;
      }
    }
    class Stepping extends SGDOptimizer {
      override getConfig(): ReturnType<SGDOptimizer['getConfig']> {
        return getConfig() as ReturnType<SGDOptimizer['getConfig']>;
      }
    }
    const { events, onEvent } = recorder();
    const layer = net(1, [new Passing({ name: 'passing' })]);
    const ofLayer = () => trained(memoryStore(), { onEvent }, layer);
    await expectKdError(ofLayer, 'KD_OPTION_TYPE', 'train', 'the layer "passing"', reason);
    const optimizer = () => new Stepping(0.1);
    const ofOptimizer = () => trained(memoryStore(), { onEvent, optimizer });
    const name = 'the optimizer SGD of the stage "training"';
    await expectKdError(ofOptimizer, 'KD_OPTION_TYPE', 'train', name, reason);
    expect(events).toEqual([]);
  });
});
