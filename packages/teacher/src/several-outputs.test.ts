import type { Teacher, TeacherAnswer } from '@kd/core';
import { tensorsOfAnswer } from '@kd/core';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { dispose, memory, tensor, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { functionTeacher } from './function.js';
import type { NamedFunctionAnswer } from './function.js';
import {
  alignClasses,
  arraysTeacher,
  cachedTeacher,
  channelsFirstTeacher,
  checkConvention,
  ensembleTeacher,
  fitEnsembleWeights,
} from './index.js';
import type { NamedAnswers } from './index.js';

await useBackend('cpu');

const convention = {
  boxes: { convention: 'values', shape: [null, 2] },
  kind: { convention: 'logits', classes: ['cat', 'dog'] },
} as const;
const ids = ['a', 'b'];
const rows = { boxes: [[1000, -2], [3, 4]], kind: [[5, 6], [7, 8]] }; // prettier-ignore
const detector = (extra: NamedAnswers = { ids, rows }): Teacher => arraysTeacher(extra, { convention });
const batch = { inputs: {}, ids: ['b', 'a'] };
const answersOf = ({ members }: TeacherAnswer): unknown[] =>
  members.map(({ outputs }) =>
    Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, output.arraySync()])),
  );
const release = (answer: TeacherAnswer): void => {
  dispose(tensorsOfAnswer(answer));
};

describe('arraysTeacher', () => {
  it.each<[string, NamedAnswers]>([
    ['lists by name', { ids, rows }],
    ['a map of rows by name', new Map(ids.map((id, at) => [id, { boxes: rows.boxes[at] ?? [], kind: rows.kind[at] ?? [] }]))],
  ])('answers with outputs by name, from %s', async (_, given) => {
    const teacher = detector(given);
    const { outputs } = await teacher.describe({ taps: [] });
    expect(outputs).toEqual({
      boxes: { convention: 'values', shape: [null, 2] },
      kind: { convention: 'logits', shape: [null, 2], classes: ['cat', 'dog'] },
    });
    await expectNoLeak(async () => {
      const answer = await teacher.predict(batch, { outputs: ['kind', 'boxes'], taps: [] });
      expect(answersOf(answer)).toEqual([{ kind: [[7, 8], [5, 6]], boxes: [[3, 4], [1000, -2]] }]);
      release(answer);
    });
    expect((await teacher.predict(batch, { outputs: ['boxes'], taps: [] })).members[0]?.outputs).not.toHaveProperty('kind');
  }); // prettier-ignore

  it.each<[string, unknown, string, ...string[]]>([
    ['a missing output', { ids, rows: { boxes: rows.boxes } }, 'KD_OUTPUT_UNKNOWN', 'answers.rows', '"kind"'],
    ['a row without an output', new Map([['a', { boxes: [1, 2] }]]), 'KD_OUTPUT_UNKNOWN', 'the row of "a"', '"kind"'],
    ['values that are not finite', { ids, rows: { ...rows, boxes: [[1, NaN], [1, 1]] } }, 'KD_TEACHER_NOT_FINITE', 'NaN'],
  ])('refuses %s', async (_, given, code, ...facts) => {
    await expectKdError(() => detector(given as NamedAnswers), code, 'arraysTeacher', ...facts);
  }); // prettier-ignore
});

describe('functionTeacher', () => {
  const teacherOf = (call: () => NamedFunctionAnswer): Teacher =>
    functionTeacher(call, { convention, fingerprint: 'v1' });

  it('answers with outputs by name, and frees those that nobody wants', async () => {
    await expectNoLeak(async () => {
      const before = memory().numTensors;
      const teacher = teacherOf(() => ({ boxes: Int32Array.of(1, 2, 3, 4), kind: tensor2d([[1, 2], [3, 4]]) })); // prettier-ignore
      const answer = await teacher.predict(batch, { outputs: ['boxes'], taps: [] });
      expect(answersOf(answer)).toEqual([{ boxes: [[1, 2], [3, 4]] }]); // prettier-ignore
      expect(answer.members[0]?.outputs['boxes']?.dtype).toBe('int32');
      expect(memory().numTensors - before).toBe(1);
      release(answer);
    });
  });

  it.each<[string, () => unknown, string, ...string[]]>([
    ['nothing', () => undefined, 'KD_TEACHER_OUTPUT', '"boxes"', 'undefined'],
    ['a single tensor', () => tensor2d([[1, 2], [3, 4]]), 'KD_TEACHER_OUTPUT', '"boxes"'],
    ['too little', () => ({ boxes: tensor2d([[1, 2], [3, 4]]) }), 'KD_TEACHER_OUTPUT', '"kind"'],
    ['another shape', () => ({ boxes: tensor2d([[1, 2], [3, 4]]), kind: [[1, 2, 3], [4, 5, 6]] }), 'KD_TEACHER_OUTPUT', 'its answer "kind"', '[2,3]'],
    ['integers as logits', () => ({ boxes: [[1, 2], [3, 4]], kind: tensor([1, 2, 3, 4], [2, 2], 'int32') }), 'KD_TENSOR_DTYPE', 'its answer "kind"', 'int32'],
  ])('refuses %s, and leaks nothing', async (_, call, code, ...facts) => {
    const teacher = teacherOf(call as () => NamedFunctionAnswer);
    await expectNoLeak(() =>
      expectKdError(() => teacher.predict(batch, { outputs: ['boxes', 'kind'], taps: [] }), code, 'functionTeacher', ...facts),
    );
  }); // prettier-ignore

  it('of one output refuses undefined', async () => {
    const teacher = functionTeacher(() => undefined as never, { convention: 'logits', shape: [null, 2], fingerprint: 'v1' });
    const ask = (): unknown => teacher.predict(batch, { outputs: ['output'], taps: [] });
    await expectKdError(ask, 'KD_TEACHER_OUTPUT', 'functionTeacher', 'undefined');
  }); // prettier-ignore
});

describe('ensembleTeacher', () => {
  const only = arraysTeacher({ ids, rows: { kind: [[1, 2], [3, 4]] } }, { convention: { kind: convention.kind } }); // prettier-ignore

  it('has the outputs that all members have', async () => {
    const teacher = ensembleTeacher({ both: detector(), only });
    expect(Object.keys((await teacher.describe({ taps: [] })).outputs)).toEqual(['kind']);
    const answer = await teacher.predict(batch, { outputs: ['kind'], taps: [] });
    expect(answersOf(answer)).toEqual([{ kind: [[7, 8], [5, 6]] }, { kind: [[3, 4], [1, 2]] }]); // prettier-ignore
    expect((await teacher.predict(batch, { outputs: [], taps: [] })).members).toEqual([]);
    await expectNoLeak(() =>
      expectKdError(
        () => teacher.predict(batch, { outputs: ['boxes'], taps: [] }),
        'KD_OUTPUT_UNKNOWN',
        'arraysTeacher, member "only" of ensembleTeacher',
        '"boxes"',
      ),
    );
  });

  it('refuses members without a common output, and outputs of one name that differ', async () => {
    const other = arraysTeacher({ ids, rows: rows.kind }, { convention: 'logits' });
    await expectKdError(
      () => ensembleTeacher({ a: only, b: other }).describe({ taps: [] }),
      'KD_TEACHER_OUTPUT',
      'the outputs of the members',
      'a: kind; b: output',
    );
    const wide = arraysTeacher({ ids, rows: { kind: rows.kind } }, { convention: { kind: 'values' } });
    await expectKdError(
      () => ensembleTeacher({ a: only, b: wide }).describe({ taps: [] }),
      'KD_TEACHER_OUTPUT',
      'the convention of the output "kind" of member "b"',
      '"values"',
    );
  });
});

describe('alignClasses', () => {
  it('maps the chosen output, and passes on the others', async () => {
    const teacher = alignClasses(detector(), { classes: ['dog', 'cat'], output: 'kind' });
    const { outputs } = await teacher.describe({ taps: [] });
    expect(outputs['kind']?.classes).toEqual(['dog', 'cat']);
    expect(outputs['boxes']).toEqual({ convention: 'values', shape: [null, 2] });
    await expectNoLeak(async () => {
      const answer = await teacher.predict(batch, { outputs: ['boxes', 'kind'], taps: [] });
      expect(answersOf(answer)).toEqual([{ boxes: [[3, 4], [1000, -2]], kind: [[8, 7], [6, 5]] }]); // prettier-ignore
      release(answer);
      const boxes = await teacher.predict(batch, { outputs: ['boxes'], taps: [] });
      expect(answersOf(boxes)).toEqual([{ boxes: [[3, 4], [1000, -2]] }]); // prettier-ignore
      release(boxes);
    });
  });

  it.each<[string | undefined, string, ...string[]]>([
    [undefined, 'KD_OUTPUT_UNKNOWN', 'options.output', 'boxes, kind'],
    ['kinds', 'KD_OUTPUT_UNKNOWN', 'options.output', '"kinds"', 'kind, boxes'],
    ['boxes', 'KD_TEACHER_CONVENTION', 'options.output', '"boxes"'],
  ])('refuses the output %s', async (output, code, ...facts) => {
    const teacher = alignClasses(detector(), { classes: ['dog', 'cat'], ...(output && { output }) });
    await expectKdError(() => teacher.describe({ taps: [] }), code, 'alignClasses', ...facts);
  });
});

it('cachedTeacher keeps each output by itself, in its type', async () => {
  let asked = 0;
  const inner = functionTeacher(
    () => {
      asked += 1;
      return { boxes: Int32Array.of(1, 2, 3, 4), kind: [[1, 2], [3, 4]] }; // prettier-ignore
    },
    { convention, fingerprint: 'v1' },
  );
  const teacher = cachedTeacher(inner);
  const ask = async (...outputs: string[]): Promise<unknown> => {
    const answer = await teacher.predict({ inputs: {}, ids }, { outputs, taps: [] });
    const types = Object.values(answer.members[0]?.outputs ?? {}).map(({ dtype }) => dtype);
    return [types, ...answersOf(answer)];
  };
  const boxes = [['int32'], { boxes: [[1, 2], [3, 4]] }]; // prettier-ignore
  expect(await ask('boxes')).toEqual(boxes);
  expect(await ask('boxes')).toEqual(boxes);
  expect(asked).toBe(1);
  expect(await ask('kind')).toEqual([['float32'], { kind: [[1, 2], [3, 4]] }]); // prettier-ignore
  expect(asked).toBe(2);
  expect(await ask('kind', 'boxes')).toEqual([['float32', 'int32'], { kind: [[1, 2], [3, 4]], boxes: [[1, 2], [3, 4]] }]); // prettier-ignore
  expect(asked).toBe(2);
});

it('channelsFirstTeacher puts the channels of maps last, output by output', async () => {
  const maps = { mask: [[1, 2, 3, 4, 5, 6, 7, 8]], kind: [[1, 2]] };
  const stated = { mask: { convention: 'values', shape: [null, 2, 1, 4] }, kind: 'logits' } as const;
  const teacher = channelsFirstTeacher(arraysTeacher({ ids: ['a'], rows: maps }, { convention: stated }));
  const { outputs } = await teacher.describe({ taps: [] });
  expect([outputs['mask']?.shape, outputs['kind']?.shape]).toEqual([[null, 1, 4, 2], [null, 2]]); // prettier-ignore
  const given = { inputs: { x: tensor2d([[0]]) }, ids: ['a'] };
  await expectNoLeak(async () => {
    const answer = await teacher.predict(given, { outputs: ['mask', 'kind'], taps: [] });
    expect(answersOf(answer)).toEqual([{ mask: [[[[1, 5], [2, 6], [3, 7], [4, 8]]]], kind: [[1, 2]] }]); // prettier-ignore
    release(answer);
  });
});

it('fitEnsembleWeights fits on the chosen output and labels', async () => {
  const probabilities = (p: number): Teacher =>
    arraysTeacher(
      { ids, rows: { boxes: rows.boxes, kind: [[p, 1 - p], [p, 1 - p]] } }, // prettier-ignore
      { convention: { boxes: 'values', kind: 'probabilities' } },
    );
  const members = { good: probabilities(0.75), bad: probabilities(0.25) };
  const labelled = [
    { inputs: { x: tensor2d([[1], [2]]) }, ids, targets: { kinds: tensor([0, 0], [2], 'int32') } }, // prettier-ignore
  ];
  const { weights, after } = await fitEnsembleWeights(members, labelled, { output: 'kind', target: 'kinds' });
  expect(weights['good']).toBeCloseTo(1, 3);
  expect(after).toBeCloseTo(-Math.log(0.75), 5);
  const data = { inputs: Float32Array.of(1, 2), ids, labels: Int32Array.of(0, 0) };
  await expectKdError(
    () => fitEnsembleWeights(members, data),
    'KD_OUTPUT_UNKNOWN',
    'options.output',
    'boxes, kind',
  );
  await expectKdError(
    () => fitEnsembleWeights(members, data, { output: 'boxes' }),
    'KD_TEACHER_CONVENTION',
    'member "good"',
    'values',
  );
});

describe('checkConvention', () => {
  it('takes any finite values, of any shape and in int32', async () => {
    await checkConvention('test', tensor([0.5, 0.5, -1e30, 7]), 'values');
    await checkConvention('test', tensor([1, 2], [2], 'int32'), 'values');
    await expectKdError(() => checkConvention('test', tensor([1, Infinity]), 'values'), 'KD_TEACHER_NOT_FINITE', 'Infinity in row 1');
  }); // prettier-ignore

  it('finds classes on the second of four axes', async () => {
    const rest = tensor([0.2, 0.9, 0.5, 0.3, 0.8, 0.1, 0.5, 0.7], [1, 2, 2, 2]);
    await checkConvention('test', rest, 'probabilities');
    await expectKdError(() => checkConvention('test', rest, 'logits'), 'KD_OUTPUT_CONVENTION');
    const neither = tensor([0.2, 0.9, 0.5, 0.3, 0.8, 0.2, 0.5, 0.7], [1, 2, 2, 2]);
    await expectKdError(() => checkConvention('test', neither, 'probabilities'), 'KD_PROBABILITY_RANGE');
    await checkConvention('test', neither, 'logits');
  });
});
