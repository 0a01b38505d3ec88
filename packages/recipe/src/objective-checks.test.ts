import { add, cast, mean, mul, ones, sum, tensor1d, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { defineModule, defineTerm } from '@kd/core';
import type {
  Batch,
  Named,
  Reads,
  Targets,
  Teacher,
  TeacherAnswer,
  TeacherDescription,
  TeacherMember,
  Term,
  TermLoss,
} from '@kd/core';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it, vi } from 'vitest';
import { read } from '../test/evaluate.js';
import { identity } from '../test/models.js';
import { answerOf, answeringTeacher, descriptionOf } from '../test/teachers.js';
import { termOf } from '../test/terms.js';
import { buildObjective } from './build-objective.js';
import type { ObjectiveOptions } from './build-objective.js';
import type { Objective } from './objective.js';
import { defineRecipe } from './recipe.js';

await useBackend('cpu');

const x = ones([2, 3]);
/** The sum of the logits. */
const term = (changes: Partial<Term> = {}): Term => ({
  ...termOf('a', (logits) => sum(logits, -1)),
  ...changes,
});
/** The same with more to read. */
const reading = (reads: Reads, name = 'b'): Term =>
  term({ name, reads: { student: { logits: { as: 'logits' } }, ...reads } });
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

describe('what a term reads', () => {
  const own: Teacher = answeringTeacher(descriptionOf(3), answerOf(ones([2, 3])));

  it.each<[string, Reads, string, Targets]>([
    [
      'a target under its own name',
      { targets: { labels: { as: 'values' } } },
      'batch.targets.labels',
      { targets: { labels: zeros([2, 1]) } },
    ],
    [
      'a target under another name',
      { targets: { boxes: { as: 'values', target: 'corners' } } },
      'batch.targets.corners',
      { targets: { corners: zeros([2, 4]) } },
    ],
  ])('in a batch is checked before a step: %s', async (_, reads, argument, given) => {
    const objective = await objectiveOf([term(), reading(reads)]);
    const facts = ['the term "b"', argument, 'no targets'];
    await expectKdError(() => objective.checkTargets({}), 'KD_TERM_NEEDS', ...facts);
    await expectNoLeak(async () => {
      await expectKdError(() => read(objective, { batch: { inputs: { x } } }), 'KD_TERM_NEEDS', ...facts);
    });
    await objective.checkTargets(given);
    expect(read(objective, { batch: { inputs: { x }, ...given } }).total).toBe(6);
  });

  it('is an input of the batch', async () => {
    const objective = await objectiveOf([
      defineTerm({
        name: 'b',
        reads: { inputs: { image: 'x' } },
        loss: ({ inputs }) => ({ values: sum(inputs.image, -1) }),
      }),
    ]);
    expect(read(objective, { batch: { inputs: { x } } }).total).toBe(3);
    const missing = await objectiveOf([reading({ inputs: { image: 'y' } })]);
    const facts = ['the term "b"', 'batch.inputs.y', 'x'];
    await expectKdError(() => read(missing, { batch: { inputs: { x } } }), 'KD_TERM_NEEDS', ...facts);
  });

  it('is the rows of the examples, int32 and as many as there are', async () => {
    const counted = defineTerm({
      name: 'b',
      reads: { rows: true },
      loss: ({ rows, datasetSize }) => ({ values: add(cast(rows, 'float32'), datasetSize) }),
    });
    const objective = await objectiveOf([counted], undefined, { datasetSize: 60 });
    const of = (rows: Tensor) => ({ batch: { inputs: { x }, rows } });
    expect(read(objective, of(tensor1d([4, 5], 'int32'))).total).toBe(64.5);
    await expectKdError(() => read(objective, { batch: { inputs: { x } } }), 'KD_TERM_NEEDS', 'batch.rows');
    const ofFloats = of(tensor1d([4, 5]));
    await expectKdError(() => read(objective, ofFloats), 'KD_TERM_NEEDS', 'batch.rows', 'float32');
    const short = of(tensor1d([4], 'int32'));
    await expectKdError(() => read(objective, short), 'KD_TENSOR_SHAPE', 'batch.rows', '[1]');
    // What nobody reads is not needed for data that are checked without their inputs.
    await objective.checkTargets({});
  });

  it.each<[string, Term]>([
    ['a term', reading({ rows: true }, 'a')],
    [
      'a module',
      term({
        modules: { bank: defineModule({ name: 'bank', reads: { rows: true }, build: () => ({}) }) },
      }),
    ],
  ])('is the size of the data set, for %s that reads rows', async (_, needy) => {
    const facts = ['the term "a"', 'the size of the data set', 'undefined'];
    await expectKdError(() => objectiveOf([needy]), 'KD_TERM_NEEDS', ...facts);
    (await objectiveOf([needy], undefined, { datasetSize: 60 })).dispose();
  });

  it('is the answer of the teacher, which your own loop may forget', async () => {
    const objective = await objectiveOf([softTarget({ temperature: 4 })], own);
    await expectKdError(
      () => read(objective, { batch: { inputs: { x } } }),
      'KD_TERM_NEEDS',
      'the objective',
      'answer',
      'undefined',
      'objective.ask',
    );
  });

  it('of a teacher that is not there, for the shapes of a module, is refused', async () => {
    const module = defineModule({ name: 'm', reads: { teacher: { tap: 'x' } }, build: () => ({}) });
    await expectKdError(
      () => objectiveOf([term({ modules: { module } })]),
      'KD_TERM_NEEDS',
      'the module "m"',
      'recipe.teacher',
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
      'the term "hard"',
      'row 1 of targets.labels',
      '3',
    ],
    [
      'targets without the required one',
      { targets: { tags: zeros([2]) } },
      'KD_TERM_NEEDS',
      'the term "hard"',
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
      termOf('odd', (logits) => mean(logits)),
      'values of its loss',
      '[]',
      'of shape [2]',
    ],
    ['one value for each class', termOf('odd', (logits) => sum(logits, 0)), 'values of its loss', '[3]'],
    [
      'too few weights',
      { loss: () => ({ values: ones([2]), weights: ones([1]) }) },
      'weights of its loss',
      '[1]',
    ],
    [
      'weights of positions for values of examples',
      { loss: () => ({ values: ones([2]), weights: ones([2, 3]) }) },
      'weights of its loss',
      '[2,3]',
      'of shape [2]',
    ],
    [
      'numbers as weights',
      { loss: () => ({ values: ones([2]), weights: [1, 2] as unknown as Tensor }) },
      'weights of its loss',
      'an array of length 2',
    ],
    [
      'a number to carry',
      { loss: () => ({ values: ones([2]), carry: { rows: 3 as unknown as Tensor } }) },
      'carry.rows of its loss',
      '3',
    ],
    ['nothing', { loss: () => undefined as unknown as TermLoss }, 'what its loss returns', 'undefined'],
    ['a tensor', { loss: () => ones([2]) as unknown as TermLoss }, 'what its loss returns'],
    [
      'a promise',
      { loss: () => Promise.resolve({ values: 1 }) as unknown as TermLoss },
      'what its loss returns',
      'a promise',
      'synchronous',
    ],
    [
      'one value for each example of a relation',
      termOf('odd', (logits) => sum(logits, -1), { reduces: 'batch' }),
      'values of its loss',
      '[2]',
    ],
    [
      'weights of a relation',
      { reduces: 'batch', loss: () => ({ values: ones([]), weights: ones([]) }) },
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

/** A handwritten teacher. */
const teacherOf = (
  answer: Partial<TeacherAnswer> = {},
  description: Partial<TeacherDescription> = {},
): Teacher => answeringTeacher(descriptionOf(3, description), { ...answerOf(ones([2, 3])), ...answer });

describe('a teacher', () => {
  const taps: Pick<TeacherDescription, 'taps'> = { taps: [{ shape: [null, 2] }, { shape: [null, null, 4] }] };
  const right = () => [ones([2, 2]), ones([2, 7, 4])];
  const wanting = reading({ teacher: { logits: { as: 'logits' }, taps: ['first', 'second'] } }, 'a');
  const member = (output: Tensor, weight = 1): TeacherMember => ({ outputs: { output }, weight });

  it('is trusted if its answer matches its description', async () => {
    const answer = { members: [member(ones([2, 3]), 0.25), member(ones([2, 3]), 0.75)], taps: right() };
    const objective = await objectiveOf([wanting], teacherOf(answer, taps));
    expect(await objective.ask({ inputs: { x } })).toEqual(answer);
  });

  it.each<[string, () => TeacherAnswer, string]>([
    [
      'of another width',
      () => ({ members: [member(ones([2, 3]), 0.5), member(ones([2, 4]), 0.5)], taps: right() }),
      'float32 [2,4]',
    ],
    ['of another batch', () => ({ members: [member(ones([1, 3]))], taps: right() }), 'float32 [1,3]'],
    ['of another rank', () => ({ members: [member(ones([2, 3, 1]))], taps: right() }), 'float32 [2,3,1]'],
    ['of another type', () => ({ members: [member(ones([2, 3], 'int32'))], taps: right() }), 'int32 [2,3]'],
    ['without members', () => ({ members: [], taps: right() }), 'none'],
    [
      'without the output of a member',
      () => ({
        members: [member(ones([2, 3]), 0.5), { outputs: { logits: ones([2, 3]) }, weight: 0.5 }],
        taps: right(),
      }),
      'none of this name',
    ],
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
    [
      'with taps of another type',
      () => ({ members: [member(ones([2, 3]))], taps: [ones([2, 2], 'int32'), ones([2, 7, 4])] }),
      'int32 [2,2]',
    ],
  ])('is named if its answer is %s, and the answer is disposed', async (_, answer, message) => {
    const predict: Teacher['predict'] = () => Promise.resolve(answer());
    const objective = await objectiveOf([wanting], { ...teacherOf({}, taps), predict });
    await expectNoLeak(async () => {
      await expectKdError(
        () => objective.ask({ inputs: { x } }),
        'KD_TEACHER_OUTPUT',
        'the teacher',
        'its answer',
        message,
      );
    });
  });

  it.each([undefined, null, {}, { members: [] }, { output: 1, taps: [] }])(
    'is named if its answer is %j',
    async (answer) => {
      const predict = () => answer as unknown as TeacherAnswer;
      const objective = await objectiveOf([wanting], { ...teacherOf({}, taps), predict });
      await expectKdError(
        () => objective.ask({ inputs: { x } }),
        'KD_TEACHER_OUTPUT',
        'its answer',
        'an object with members and taps',
      );
    },
  );

  it('may answer values with whole numbers', async () => {
    const rows = tensor2d([7, 8], [2, 1], 'int32');
    const described = descriptionOf(1, { outputs: { rows: { convention: 'values', shape: [null, 1] } } });
    const teacher = answeringTeacher(described, answerOf([{ outputs: { rows }, weight: 1 }]));
    const term = defineTerm({
      name: 'a',
      reads: { teacher: { rows: { as: 'values' } } },
      loss: ({ teacher: { rows: given } }) => ({ values: sum(mul(given, 0.5), -1) }),
    });
    const objective = await objectiveOf([term], teacher);
    const batch = { inputs: { x } };
    expect(read(objective, { batch, answer: await objective.ask(batch) }).total).toBe(3.75);
  });

  it.each<[string, Partial<Record<keyof TeacherDescription, unknown>>, ...string[]]>([
    ['describes too few taps', { taps: [{ shape: [null, 2] }] }, '1', 'of 2 taps'],
    [
      'describes taps by their shapes alone',
      {
        taps: [
          [null, 2],
          [null, null, 4],
        ],
      },
      'taps { shape }',
    ],
    ['describes no taps', { taps: undefined }, 'outputs, taps'],
    ['describes no outputs', { ...taps, outputs: undefined }, 'outputs, taps'],
    ['describes null as its outputs', { ...taps, outputs: null }, 'outputs, taps'],
    ['leaves out a shape', { ...taps, outputs: { output: { convention: 'logits' } } }, 'the output "output"'],
    [
      'has a convention that nobody knows',
      { ...taps, outputs: { output: { convention: 'softmax', shape: [null, 3] } } },
      'the output "output"',
    ],
  ])('is refused if it %s', async (_, description, ...facts) => {
    await expectKdError(
      () => objectiveOf([wanting], teacherOf({}, description as Partial<TeacherDescription>)),
      'KD_TEACHER_OUTPUT',
      'the teacher',
      'its description',
      ...facts,
    );
  });

  it('receives the batch, what terms read of it once, and the signal', async () => {
    const predict = vi.fn(teacherOf({ taps: right() }, taps).predict.bind(undefined));
    const asked = vi.fn(teacherOf({}, taps).describe.bind(undefined));
    const again = reading({ teacher: { tap: 'second', same: { as: 'probabilities' } } });
    const objective = await objectiveOf([wanting, again], { describe: asked, predict });
    const batch = { inputs: { x } };
    await objective.ask(batch);
    const { signal } = new AbortController();
    await objective.ask(batch, signal);
    const request = { taps: ['first', 'second'] };
    expect(asked.mock.calls).toEqual([[request]]);
    expect(predict.mock.calls).toEqual([
      [batch, { ...request, outputs: ['output'] }],
      [batch, { ...request, outputs: ['output'], signal }],
    ]);
    expect(predict.mock.calls[0]?.[1]).not.toHaveProperty('signal');
  });

  it('passes its own errors on', async () => {
    const failing: Teacher = { ...teacherOf({}, taps), predict: () => Promise.reject(new Error('gone')) };
    const objective = await objectiveOf([wanting], failing);
    await expect(objective.ask({ inputs: { x } })).rejects.toThrow('gone');
  });
});
