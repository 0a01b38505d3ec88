import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { release } from '../test/release.js';
import { arraysTeacher } from './index.js';
import type { StatedOutputs, StoredAnswers } from './index.js';

await useBackend('cpu');

const ids = ['a', 'b', 'c'];
const rows = [[1, -2], [3, 4], [5, 6]]; // prettier-ignore
const logits: StatedOutputs = { convention: 'logits' };

describe('arraysTeacher', () => {
  it.each<[string, StoredAnswers]>([
    ['a Map', new Map(ids.map((id, index) => [id, rows[index] as number[]]))],
    ['ids and rows', { ids, rows }],
    ['typed arrays', { ids, rows: rows.map((row) => Float32Array.from(row)) }],
  ])('answers from %s by id, in any order and as often as asked', async (_, answers) => {
    const teacher = arraysTeacher(answers, logits);
    await expectNoLeak(async () => {
      const answer = await teacher.predict(
        { inputs: {}, ids: ['c', 'a', 'c'] },
        { outputs: ['output'], taps: [] },
      );
      const [member] = answer.members;
      expect(await (member?.outputs['output'] as Tensor).array()).toEqual([[5, 6], [1, -2], [5, 6]]); // prettier-ignore
      expect(member?.weight).toBe(1);
      release(answer);
      expect((await teacher.predict({ inputs: {}, ids: ['a'] }, { taps: [], outputs: [] })).members).toEqual(
        [],
      );
    });
  });

  it('keeps a copy of the rows', async () => {
    const row = [1, 2];
    const teacher = arraysTeacher(new Map([['a', row]]), logits);
    row[0] = 9;
    const { members } = await teacher.predict({ inputs: {}, ids: ['a'] }, { outputs: ['output'], taps: [] });
    expect(await members[0]?.outputs['output']?.array()).toEqual([[1, 2]]);
  });

  it('has rows of several axes if given a shape', async () => {
    const teacher = arraysTeacher(new Map([['a', [1, 2, 3, 4]]]), { ...logits, shape: [null, 2, 2] });
    expect((await teacher.describe({ taps: [] })).outputs['output']?.shape).toEqual([null, 2, 2]);
    const { members } = await teacher.predict({ inputs: {}, ids: ['a'] }, { outputs: ['output'], taps: [] });
    expect(await members[0]?.outputs['output']?.array()).toEqual([[[1, 2], [3, 4]]]); // prettier-ignore
  });

  it('describes its answers', async () => {
    const { fingerprint, ...rest } = await arraysTeacher(
      { ids, rows },
      { ...logits, classes: ['p', 'q'] },
    ).describe({ taps: [] });
    const output = { convention: 'logits', shape: [null, 2], classes: ['p', 'q'] };
    expect(rest).toEqual({ outputs: { output }, taps: [], frozen: true });
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has a fingerprint of ids, rows and convention, regardless of order', async () => {
    const print = async (answers: StoredAnswers, options = logits): Promise<string> =>
      (await arraysTeacher(answers, options).describe({ taps: [] })).fingerprint;
    const first = await print({ ids, rows });
    expect(await print({ ids: ids.toReversed(), rows: rows.toReversed() })).toBe(first);
    const others = [
      await print({ ids: ['a', 'b', 'd'], rows }),
      await print({ ids, rows: rows.toReversed() }),
      await print({ ids, rows }, { convention: 'sigmoid-logits' }),
      await print({ ids, rows }, { ...logits, shape: [null, 1, 2] }),
    ];
    expect(new Set([first, ...others]).size).toBe(5);
  });

  it('rejects with the reason of an aborted signal', async () => {
    const reason = new Error('enough');
    const request = { outputs: ['output'], taps: [], signal: AbortSignal.abort(reason) };
    await expect(arraysTeacher({ ids, rows }, logits).predict({ inputs: {}, ids }, request)).rejects.toBe(
      reason,
    );
  });
});

describe('arraysTeacher refuses', () => {
  it('an unknown id, a batch without ids, and taps', async () => {
    const teacher = arraysTeacher({ ids, rows }, logits);
    const ask = (asked: string[] | undefined, taps: string[] = []): unknown =>
      teacher.predict({ inputs: {}, ...(asked && { ids: asked }) }, { outputs: ['output'], taps });
    await expectNoLeak(async () => {
      await expectKdError(() => ask(['a', 'x']), 'KD_ID_UNKNOWN',
        'arraysTeacher', 'batch.ids', '"x"'); // prettier-ignore
      await expectKdError(() => ask(['v', 'w', 'x', 'y', 'z']), 'KD_ID_UNKNOWN', '"v", "w", "x", and 2 more');
      await expectKdError(() => ask(undefined), 'KD_TERM_NEEDS', 'batch.ids');
      await expectKdError(() => ask(['a'], ['hidden']), 'KD_TAP_UNKNOWN', 'tap "hidden"');
      await expectKdError(() => teacher.describe({ taps: ['hidden'] }), 'KD_TAP_UNKNOWN');
    });
  });

  it.each<[string, unknown, unknown, string, ...string[]]>([
    ['no answers', undefined, logits, 'KD_OPTION_TYPE', 'answers', 'undefined'],
    ['an empty Map', new Map(), logits, 'KD_BATCH_EMPTY', 'answers'],
    ['empty lists', { ids: [], rows: [] }, logits, 'KD_BATCH_EMPTY'],
    ['fewer rows than ids', { ids, rows: rows.slice(1) }, logits, 'KD_DATA_LENGTH', '3 ids and 2 rows'],
    [
      'an id that comes twice',
      { ids: ['a', 'b', 'a'], rows },
      logits,
      'KD_DATA_LENGTH',
      'answers.ids',
      '"a" twice',
    ],
    ['ids that are numbers', new Map([[1, [1, 2]]]), logits, 'KD_DATA_TYPE', 'answers.ids[0]', '1'],
    [
      'rows of different lengths',
      { ids, rows: [[1, 2], [1, 2, 3], [1]] },
      logits,
      'KD_TENSOR_SHAPE',
      'the row of "b"',
      '3',
    ],
    ['a row that is not a list', { ids, rows: [1, 2, 3] }, logits, 'KD_OPTION_TYPE', 'the row of "a"'],
    ['an empty row', { ids: ['a'], rows: [[]] }, logits, 'KD_OPTION_TYPE', 'the row of "a"'],
    ['texts', { ids: ['a'], rows: [['1', '2']] }, logits, 'KD_OPTION_TYPE', 'the row of "a"'],
    [
      'NaN',
      {
        ids,
        rows: [
          [1, 2],
          [3, NaN],
          [1, 1],
        ],
      },
      logits,
      'KD_TEACHER_NOT_FINITE',
      'answers',
      'NaN in row 1, class 1',
    ],
    [
      'logits as probabilities',
      { ids, rows },
      { convention: 'probabilities' },
      'KD_PROBABILITY_RANGE',
      '"logits"',
    ],
    [
      'probabilities as logits',
      {
        ids: ['a', 'b'],
        rows: [
          [0.5, 0.5],
          [0, 1],
        ],
      },
      logits,
      'KD_OUTPUT_CONVENTION',
    ],
    [
      'too few classes',
      { ids, rows },
      { ...logits, classes: ['p'] },
      'KD_CLASSES_MISMATCH',
      'options.classes',
    ],
    ['a shape of another size', { ids, rows }, { ...logits, shape: [null, 3] }, 'KD_TENSOR_SHAPE', '[?,3]'],
    [
      'a shape with open sizes',
      { ids, rows },
      { ...logits, shape: [null, null, 2] },
      'KD_TENSOR_SHAPE',
      '[?,?,2]',
    ],
    ['no convention', { ids, rows }, {}, 'KD_OPTION_TYPE', 'options.convention'],
    ['a misspelt option', { ids, rows }, { ...logits, names: [] }, 'KD_OPTION_UNKNOWN', 'options.names'],
  ])('%s', async (_, answers, options, code, ...facts) => {
    await expectNoLeak(() =>
      expectKdError(
        () => arraysTeacher(answers as StoredAnswers, options as StatedOutputs),
        code,
        'arraysTeacher',
        ...facts,
      ),
    );
  });
});
