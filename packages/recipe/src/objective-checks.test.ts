import { mean, ones, square, sum, tensor1d, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Batch, Named, Targets, Teacher, TeacherDescription, TeacherPrediction, Term } from '@kd/core';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it, vi } from 'vitest';
import { read } from '../test/evaluate.js';
import { identity } from '../test/models.js';
import { buildObjective } from './objective.js';
import type { Objective, ObjectiveOptions } from './objective.js';
import { defineRecipe } from './recipe.js';

await useBackend('cpu');

const x = ones([2, 3]);
const term = (changes: Partial<Term> = {}): Term => ({
  apiVersion: 1,
  name: 'a',
  reduces: 'example',
  loss: ({ student }) => ({ values: sum(student.output, -1) }),
  ...changes,
});
const objectiveOf = (
  terms: Term[],
  teacher?: Teacher,
  options: ObjectiveOptions = {},
  model = identity(3),
): Promise<Objective> =>
  buildObjective(
    defineRecipe({
      student: { model, convention: 'logits' },
      terms,
      ...(teacher === undefined ? {} : { teacher }),
    }),
    options,
  );

describe('what a term needs', () => {
  it.each([
    ['targets', { targets: { labels: zeros([2]) } }],
    ['ids', { ids: ['a', 'b'] }],
    ['mask', { mask: ones([2, 3]) }],
  ] as const)('in a batch is checked before a step: %s', async (need, given) => {
    const objective = await objectiveOf([term(), term({ name: 'b', needs: [need] })]);
    const facts = ['the term "b"', `batch.${need}`];
    await expectKdError(() => objective.checkTargets({}), 'KD_TERM_NEEDS', ...facts);
    await expectNoLeak(async () => {
      await expectKdError(() => read(objective, { batch: { inputs: { x } } }), 'KD_TERM_NEEDS', ...facts);
    });
    await objective.checkTargets(given);
    expect(read(objective, { batch: { inputs: { x }, ...given } }).total).toBe(6);
  });

  it('is the size of the data set', async () => {
    const build = vi.fn(() => ({ trainable: {}, buffers: {}, dispose: () => undefined }));
    const terms = [term({ needs: ['datasetSize'], modules: [{ name: 'bank', build }] })];
    await expectKdError(
      () => objectiveOf(terms),
      'KD_TERM_NEEDS',
      'the term "a"',
      'options.datasetSize',
      'undefined',
    );
    await objectiveOf(terms, undefined, { datasetSize: 60 });
    expect(build.mock.calls).toMatchObject([[{ datasetSize: 60 }]]);
  });

  it('is the answer of the teacher, which your own loop may forget', async () => {
    const objective = await objectiveOf([softTarget({ temperature: 4 })], teacherOf());
    await expectKdError(
      () => read(objective, { batch: { inputs: { x } } }),
      'KD_TERM_NEEDS',
      'the objective',
      'prediction',
      'undefined',
      'objective.ask',
    );
  });
});

describe('checkTargets', () => {
  it.each<[string, Targets, string, ...string[]]>([
    [
      'a negative sample weight',
      { sampleWeight: tensor1d([1, -2]) },
      'KD_WEIGHT_RANGE',
      'the data',
      'sampleWeight[1]',
      '-2',
    ],
    [
      'NaN as a sample weight',
      { sampleWeight: tensor1d([NaN, 1]) },
      'KD_WEIGHT_RANGE',
      'sampleWeight[0]',
      'NaN',
    ],
    ['an infinite sample weight', { sampleWeight: tensor1d([1, Infinity]) }, 'KD_WEIGHT_RANGE', 'Infinity'],
    [
      'only sample weights of zero',
      { sampleWeight: tensor1d([0, 0]) },
      'KD_WEIGHT_RANGE',
      'sampleWeight',
      'zeros only',
    ],
    [
      'sample weights as whole numbers',
      { sampleWeight: tensor1d([1, 2], 'int32') },
      'KD_TENSOR_DTYPE',
      'sampleWeight',
      'an int32 tensor [2]',
    ],
    [
      'sample weights in a column',
      { sampleWeight: tensor2d([[1], [2]]) },
      'KD_TENSOR_SHAPE',
      'sampleWeight',
      '[2,1]',
    ],
    [
      'numbers as sample weights',
      { sampleWeight: [1, 2] as unknown as Tensor },
      'KD_TENSOR_TYPE',
      'sampleWeight',
      'an array of length 2',
    ],
    [
      'labelled that is not 0 or 1',
      { labelled: tensor1d([1, 0.5]) },
      'KD_WEIGHT_RANGE',
      'labelled[1]',
      '0.5',
    ],
    ['labelled as booleans', { labelled: tensor1d([true, false], 'bool') }, 'KD_TENSOR_DTYPE', 'labelled'],
    [
      'a label that names no class',
      { targets: { labels: tensor1d([0, 3], 'int32') } },
      'KD_LABEL_RANGE',
      'hardTarget',
      'row 1 of targets.labels',
      '3',
    ],
    [
      'targets without the required one',
      { targets: { tags: zeros([2]) } },
      'KD_TERM_NEEDS',
      'hardTarget',
      'batch.targets.labels',
      'tags',
    ],
  ])('refuses %s', async (_, targets, code, ...facts) => {
    const objective = await objectiveOf([hardTarget()]);
    const complete = { targets: { labels: tensor1d([0, 1], 'int32') }, ...targets };
    await expectNoLeak(async () => {
      await expectKdError(() => objective.checkTargets(complete), code, ...facts);
    });
  });

  it('accepts correct values, including rows without a label', async () => {
    const objective = await objectiveOf([hardTarget()]);
    const labels = tensor1d([0, 99], 'int32');
    await objective.checkTargets({
      targets: { labels },
      labelled: tensor1d([1, 0]),
      sampleWeight: tensor1d([0, 1]),
    });
    await objective.checkTargets({ targets: { labels }, labelled: tensor1d([0, 0]) });
  });
});

describe('a batch', () => {
  const labels = tensor1d([0, 1], 'int32');
  it.each<[string, Partial<Batch>, string, ...string[]]>([
    [
      'labels of another length',
      { targets: { labels: tensor1d([0, 1, 2], 'int32') } },
      'KD_DATA_LENGTH',
      'the data',
      'targets.labels',
      '3',
    ],
    ['too few sample weights', { sampleWeight: tensor1d([1]) }, 'KD_DATA_LENGTH', 'sampleWeight', '1'],
    ['too many marks', { labelled: tensor1d([1, 1, 1]) }, 'KD_DATA_LENGTH', 'labelled', '3'],
    ['a short mask', { mask: ones([1, 2]) }, 'KD_DATA_LENGTH', 'mask', '1'],
    ['too few ids', { ids: ['a'] }, 'KD_DATA_LENGTH', 'ids', '1'],
    [
      'sample weights in a column',
      { sampleWeight: ones([2, 1]) },
      'KD_TENSOR_SHAPE',
      'the data',
      'sampleWeight',
      '[2,1]',
    ],
    ['marks in a column', { labelled: ones([2, 1]) }, 'KD_TENSOR_SHAPE', 'labelled', '[2,1]'],
    [
      'no example',
      { inputs: { x: zeros([0, 3]) }, targets: { labels: zeros([0]) } },
      'KD_BATCH_EMPTY',
      'the data',
      'batch',
      'none',
    ],
    [
      'inputs of another width',
      { inputs: { x: ones([2, 4]) } },
      'KD_TENSOR_SHAPE',
      'the student',
      'batch.inputs.x',
      '[2,4]',
    ],
    ['no inputs', { inputs: {} }, 'KD_INPUT_MISSING', 'the student', 'batch.inputs', 'no inputs'],
  ])('with %s is refused', async (_, changes, code, ...facts) => {
    const objective = await objectiveOf([hardTarget()]);
    const batch: Batch = { inputs: { x }, targets: { labels }, ...changes };
    await expectNoLeak(async () => {
      await expectKdError(() => read(objective, { batch }), code, ...facts);
    });
  });

  it('with inputs of several lengths is refused', async () => {
    const [left, right] = [input({ shape: [2], name: 'left' }), input({ shape: [2], name: 'right' })];
    const outputs = layers
      .dense({ units: 3 })
      .apply(layers.concatenate().apply([left, right])) as SymbolicTensor;
    const objective = await objectiveOf(
      [term()],
      undefined,
      {},
      functional({ inputs: [left, right], outputs }),
    );
    const inputs: Named = { left: ones([2, 2]), right: ones([3, 2]) };
    await expectKdError(() => read(objective, { batch: { inputs } }), 'KD_DATA_LENGTH', 'right', '3');
  });
});

describe('the loss of a term', () => {
  it.each<[string, Partial<Term>, ...string[]]>([
    [
      'one value for the batch',
      { loss: ({ student }) => ({ values: mean(student.output) }) },
      'values of its loss',
      '[]',
    ],
    [
      'one value for each class',
      { loss: ({ student }) => ({ values: square(student.output) }) },
      'values of its loss',
      '[2,3]',
    ],
    [
      'a column',
      { loss: ({ student }) => ({ values: sum(student.output, -1, true) }) },
      'values of its loss',
      '[2,1]',
    ],
    [
      'too few weights',
      { loss: ({ student }) => ({ values: sum(student.output, -1), weights: ones([1]) }) },
      'weights of its loss',
      '[1]',
    ],
    [
      'one value for each example of a relation',
      { reduces: 'batch', loss: ({ student }) => ({ values: sum(student.output, -1) }) },
      'values of its loss',
      '[2]',
    ],
    [
      'weights of a relation',
      { reduces: 'batch', loss: ({ student }) => ({ values: sum(student.output), weights: ones([]) }) },
      'weights of its loss',
      '[]',
    ],
  ])('is refused if it has %s', async (_, changes, ...facts) => {
    const objective = await objectiveOf([term({ ...changes, name: 'odd', afterStep: () => undefined })]);
    await expectNoLeak(async () => {
      await expectKdError(
        () => read(objective, { batch: { inputs: { x } } }),
        'KD_TERM_VALUES',
        'the term "odd"',
        ...facts,
      );
    });
  });
});

/** A handwritten teacher with two taps. */
function teacherOf(
  answer: Partial<TeacherPrediction> = {},
  description: Partial<TeacherDescription> = {},
): Teacher {
  return {
    describe: () =>
      Promise.resolve({
        output: { convention: 'logits', shape: [null, 3] },
        taps: [],
        fingerprint: '',
        frozen: true,
        ...description,
      }),
    predict: () => Promise.resolve({ members: [{ output: ones([2, 3]), weight: 1 }], taps: [], ...answer }),
  };
}

describe('a teacher', () => {
  const taps: Pick<TeacherDescription, 'taps'> = {
    taps: [
      [null, 2],
      [null, null, 4],
    ],
  };
  const right = () => [ones([2, 2]), ones([2, 7, 4])];
  const wanting = term({ needs: ['teacher'], taps: { teacher: ['first', 'second'] } });
  const member = (output: Tensor, weight = 1) => ({ output, weight });

  it('is trusted if its answer matches its description', async () => {
    const answer = { members: [member(ones([2, 3]), 0.25), member(ones([2, 3]), 0.75)], taps: right() };
    const objective = await objectiveOf([wanting], teacherOf(answer, taps));
    expect(await objective.ask({ inputs: { x } })).toEqual(answer);
  });

  it.each<[string, () => TeacherPrediction, string]>([
    [
      'of another width',
      () => ({ members: [member(ones([2, 3]), 0.5), member(ones([2, 4]), 0.5)], taps: right() }),
      'float32 [2,4]',
    ],
    ['of another batch', () => ({ members: [member(ones([1, 3]))], taps: right() }), 'float32 [1,3]'],
    ['of another rank', () => ({ members: [member(ones([2, 3, 1]))], taps: right() }), 'float32 [2,3,1]'],
    ['of another type', () => ({ members: [member(ones([2, 3], 'int32'))], taps: right() }), 'int32 [2,3]'],
    ['without members', () => ({ members: [], taps: right() }), 'weights []'],
    [
      'whose weights do not sum to one',
      () => ({ members: [member(ones([2, 3])), member(ones([2, 3]))], taps: right() }),
      'weights [1, 1]',
    ],
    [
      'with a negative weight',
      () => ({ members: [member(ones([2, 3]), 2), member(ones([2, 3]), -1)], taps: right() }),
      'weights [2, -1]',
    ],
    ['with too few taps', () => ({ members: [member(ones([2, 3]))], taps: [ones([2, 2])] }), '1'],
    ['with too many taps', () => ({ members: [member(ones([2, 3]))], taps: [...right(), ones([2])] }), '3'],
    [
      'with taps of another shape',
      () => ({ members: [member(ones([2, 3]))], taps: [ones([2, 2]), ones([2, 7, 5])] }),
      'float32 [2,7,5]',
    ],
  ])('is named if its answer is %s, and the answer is disposed', async (_, answer, message) => {
    const predict: Teacher['predict'] = () => Promise.resolve(answer());
    const objective = await objectiveOf([wanting], { ...teacherOf({}, taps), predict });
    await expectNoLeak(async () => {
      await expectKdError(
        () => objective.ask({ inputs: { x } }),
        'KD_TEACHER_OUTPUT',
        'the teacher',
        'its prediction',
        message,
        'its prediction',
      );
    });
  });

  it('is refused if it describes too few taps', async () => {
    await expectKdError(
      () => objectiveOf([wanting], teacherOf({}, { taps: [[null, 2]] })),
      'KD_TEACHER_OUTPUT',
      'the teacher',
      'its description',
      '1',
    );
  });

  it('receives the batch, the taps of all terms once, and the signal', async () => {
    const predict = vi.fn(teacherOf({ taps: right() }, taps).predict.bind(undefined));
    const asked = vi.fn(teacherOf({}, taps).describe.bind(undefined));
    const again = term({ name: 'b', taps: { teacher: ['second'] } });
    const objective = await objectiveOf([wanting, again], { describe: asked, predict });
    const batch = { inputs: { x } };
    await objective.ask(batch);
    const { signal } = new AbortController();
    await objective.ask(batch, signal);
    const request = { taps: ['first', 'second'] };
    expect(asked.mock.calls).toEqual([[request]]);
    expect(predict.mock.calls).toEqual([
      [batch, { ...request, outputs: true }],
      [batch, { ...request, outputs: true, signal }],
    ]);
    expect(predict.mock.calls[0]?.[1]).not.toHaveProperty('signal');
  });

  it('passes its own errors on', async () => {
    const failing: Teacher = { ...teacherOf(), predict: () => Promise.reject(new Error('gone')) };
    const objective = await objectiveOf([term()], failing);
    await expect(objective.ask({ inputs: { x } })).rejects.toThrow('gone');
  });
});
