import '@tensorflow/tfjs-backend-cpu';
import { tensorsOfAnswer } from '@kd/core';
import type { Teacher, TeacherDescription, TeacherRequest } from '@kd/core';
import { expectKdError, expectNoLeak } from '@kd/testing';
import { dispose, memory, ones, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { layersTeacher, cachedTeacher } from './index.js';

beforeAll(() => setBackend('cpu'));

/** A teacher of two members that answers with its input and its double, and counts how often it is asked. */
function counting(frozen = true): Teacher & { asked: () => number } {
  let asked = 0;
  const description: TeacherDescription = {
    outputs: { output: { convention: 'logits', shape: [null, 2] } },
    taps: [],
    fingerprint: 'x',
    frozen,
  };
  return {
    asked: () => asked,
    describe: () => Promise.resolve(description),
    predict: ({ inputs }) => {
      asked += 1;
      const x = inputs['x'] as ReturnType<typeof tensor2d>;
      const members = [
        { outputs: { output: x.clone() }, weight: 0.25 },
        {
          outputs: {
            output: tensor2d(
              x.dataSync().map((each) => 2 * each),
              x.shape,
            ),
          },
          weight: 0.75,
        },
      ];
      return Promise.resolve({ members, taps: [] });
    },
  };
}

it('remembers sequences that come in batches of several lengths', async () => {
  const inner = counting();
  const teacher = cachedTeacher(inner);
  const request = { outputs: ['output'], taps: [] };
  const batches = [
    { inputs: { x: tensor2d([[1, 2, 3]]) }, ids: ['long'] },
    { inputs: { x: tensor2d([[4], [5]]) }, ids: ['short', 'also short'] },
  ];
  for (let epoch = 0; epoch < 2; epoch++) {
    const values: unknown[] = [];
    for (const batch of batches) {
      const { members } = await teacher.predict(batch, request);
      values.push(await members[1]?.outputs['output']?.array());
    }
    expect(values).toEqual([[[2, 4, 6]], [[8], [10]]]);
  }
  expect(inner.asked()).toBe(2);
});

it('asks once for each example and recalls answers by id in any order', async () => {
  const inner = counting();
  const teacher = cachedTeacher(inner);
  const batch = (rows: number[][], ids: string[]) => ({ inputs: { x: tensor2d(rows) }, ids });
  await teacher.predict(
    batch(
      [
        [1, 2],
        [3, 4],
      ],
      ['a', 'b'],
    ),
    { outputs: ['output'], taps: [] },
  );
  await teacher.predict(batch([[5, 6]], ['c']), { outputs: ['output'], taps: [] });
  expect(inner.asked()).toBe(2);
  const { members } = await teacher.predict(
    batch(
      [
        [5, 6],
        [1, 2],
      ],
      ['c', 'a'],
    ),
    { outputs: ['output'], taps: [] },
  );
  expect(inner.asked()).toBe(2);
  expect(members.map(({ weight }) => weight)).toEqual([0.25, 0.75]);
  expect(members.map(({ outputs }) => outputs['output']?.arraySync())).toEqual([
    [
      [5, 6],
      [1, 2],
    ],
    [
      [10, 12],
      [2, 4],
    ],
  ]);
  // With one unknown id, the whole batch is requested.
  await teacher.predict(
    batch(
      [
        [1, 2],
        [7, 8],
      ],
      ['a', 'd'],
    ),
    { outputs: ['output'], taps: [] },
  );
  expect(inner.asked()).toBe(3);
  teacher.dispose?.();
  await teacher.predict(batch([[1, 2]], ['a']), { outputs: ['output'], taps: [] });
  expect(inner.asked()).toBe(4);
});

it('leaves the tensors of its answers to the caller and keeps none', async () => {
  const teacher = cachedTeacher(counting());
  const x = ones([2, 2]);
  await expectNoLeak(async () => {
    for (let round = 0; round < 3; round++) {
      const before = memory().numTensors;
      const { members } = await teacher.predict(
        { inputs: { x }, ids: ['a', 'b'] },
        { outputs: ['output'], taps: [] },
      );
      expect(memory().numTensors - before).toBe(2);
      dispose(members.map(({ outputs }) => outputs['output'] as Tensor));
    }
  });
});

it('remembers taps and outputs separately', async () => {
  const hidden = layers.dense({ name: 'hidden', units: 2, inputShape: [2], kernelInitializer: 'ones' });
  const model = sequential({ layers: [hidden, layers.dense({ units: 1, kernelInitializer: 'ones' })] });
  let runs = 0;
  hidden.setCallHook(() => {
    runs += 1;
  });
  const teacher = cachedTeacher(layersTeacher(model, { convention: 'sigmoid-logits' }));
  expect((await teacher.describe({ taps: ['hidden'] })).taps).toEqual([
    { shape: [null, 2], activation: 'linear' },
  ]);
  const ask = async (rows: number[][], ids: string[], request: TeacherRequest): Promise<unknown[]> => {
    const { members, taps } = await teacher.predict({ inputs: { x: tensor2d(rows) }, ids }, request);
    return tensorsOfAnswer({ members, taps }).map((answer) => answer.arraySync());
  };
  const hints: TeacherRequest = { outputs: [], taps: ['hidden'] };
  const both: TeacherRequest = { outputs: ['output'], taps: ['hidden'] };
  const output: TeacherRequest = { outputs: ['output'], taps: [] };
  const before = runs;
  // An example requested only for its hints is requested again for its outputs.
  expect(await ask([[1, 2], [3, 4]], ['a', 'b'], hints)).toEqual([[[3, 3], [7, 7]]]); // prettier-ignore
  expect(await ask([[3, 4]], ['b'], { taps: [{ layer: 'hidden', at: 'output' }], outputs: [] })).toEqual([
    [[7, 7]],
  ]);
  expect(runs - before).toBe(1);
  expect(await ask([[1, 2]], ['a'], output)).toEqual([[[6]]]);
  expect(runs - before).toBe(2);
  expect(await ask([[1, 2]], ['a'], both)).toEqual([[[6]], [[3, 3]]]);
  expect(runs - before).toBe(2);
  // The output of "b" is unknown, so everything is requested.
  expect(await ask([[1, 2], [3, 4]], ['a', 'b'], both)).toEqual([[[6], [14]], [[3, 3], [7, 7]]]); // prettier-ignore
  expect(runs - before).toBe(3);
  expect(
    await ask([[1, 2]], ['a'], { outputs: ['output'], taps: [{ layer: 'hidden', at: 'preActivation' }] }),
  ).toEqual([[[6]], [[3, 3]]]);
  expect(runs - before).toBe(4);
});

describe('an id that comes with another input', () => {
  const batch = (rows: number[][], ids: string[]) => ({ inputs: { x: tensor2d(rows) }, ids });

  it('is refused before the teacher is asked, whatever else is in the batch, and changes nothing', async () => {
    const inner = counting();
    const teacher = cachedTeacher(inner);
    await teacher.predict(batch([[1, 2], [3, 4]], ['img-1', 'img-2']), { outputs: ['output'], taps: [] }); // prettier-ignore
    const others: [number[][], string[]][] = [
      [[[3, 4]], ['img-1']],
      // Not the first row, and not wholly known.
      [[[5, 6], [3, 4.0000005]], ['img-3', 'img-2']], // prettier-ignore
    ];
    for (const [rows, ids] of others) {
      const ask = (): unknown => teacher.predict(batch(rows, ids), { outputs: ['output'], taps: [] });
      await expectKdError(ask, 'KD_ID_INPUT', `the input of "${String(ids.at(-1))}"`, 'another one');
    }
    expect(inner.asked()).toBe(1);
    // "img-3" was not remembered from the refused batch.
    const { members } = await teacher.predict(batch([[7, 8], [1, 2]], ['img-3', 'img-1']), { outputs: ['output'], taps: [] }); // prettier-ignore
    expect(members[0]?.outputs['output']?.arraySync()).toEqual([[7, 8], [1, 2]]); // prettier-ignore
  });

  it('is refused within a batch, and across two simultaneous batches', async () => {
    const inner = counting();
    const teacher = cachedTeacher(inner);
    const twice = (): unknown => teacher.predict(batch([[1, 2], [3, 4]], ['a', 'a']), { outputs: ['output'], taps: [] }); // prettier-ignore
    await expectKdError(twice, 'KD_ID_INPUT', '"a"');
    expect(inner.asked()).toBe(0);
    const both = [[[1, 2]], [[3, 4]]].map(async (rows) =>
      teacher.predict(batch(rows, ['b']), { outputs: ['output'], taps: [] }),
    );
    const settled = await Promise.allSettled(both);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expectKdError(() => both[1], 'KD_ID_INPUT', '"b"');
    // A failure does not affect later use of the id.
    const failing: Teacher = { ...inner, predict: () => Promise.reject(new Error('no')) };
    let current = failing;
    const mended = cachedTeacher({ ...inner, predict: (...given) => current.predict(...given) });
    await expect(mended.predict(batch([[1, 2]], ['a']), { outputs: ['output'], taps: [] })).rejects.toThrow(
      'no',
    );
    current = inner;
    const { members } = await mended.predict(batch([[3, 4]], ['a']), { outputs: ['output'], taps: [] });
    expect(members[0]?.outputs['output']?.arraySync()).toEqual([[3, 4]]);
  });

  it('differs from an id that occurs twice with the same input, which is valid', async () => {
    const inner = counting();
    const teacher = cachedTeacher(inner);
    for (let round = 0; round < 2; round++) {
      const { members } = await teacher.predict(batch([[1, 2], [1, 2]], ['a', 'a']), { outputs: ['output'], taps: [] }); // prettier-ignore
      expect(members[1]?.outputs['output']?.arraySync()).toEqual([[2, 4], [2, 4]]); // prettier-ignore
    }
    expect(inner.asked()).toBe(1);
    teacher.dispose?.();
    await teacher.predict(batch([[3, 4]], ['a']), { outputs: ['output'], taps: [] });
    expect(inner.asked()).toBe(2);
  });
});

it('refuses answers that it cannot remember', async () => {
  const teacher = cachedTeacher(counting());
  const x = ones([2, 2]);
  await expectKdError(
    () => teacher.predict({ inputs: { x } }, { outputs: ['output'], taps: [] }),
    'KD_TERM_NEEDS',
    'batch.ids',
  );
  const few = (): unknown =>
    teacher.predict({ inputs: { x }, ids: ['a'] }, { outputs: ['output'], taps: [] });
  await expectKdError(few, 'KD_DATA_LENGTH', '2', '"x"', '1 ids');
  const changing = cachedTeacher(counting(false));
  await expectKdError(() => changing.describe({ taps: [] }), 'KD_TEACHER_OUTPUT', 'teacher');
  await expectKdError(() => cachedTeacher({} as Teacher), 'KD_OPTION_TYPE', 'teacher');
});
