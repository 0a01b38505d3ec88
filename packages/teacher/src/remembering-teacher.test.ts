import '@tensorflow/tfjs-backend-cpu';
import type { Teacher, TeacherDescription } from '@kd/core';
import { expectKdError, expectNoLeak } from '@kd/testing';
import { dispose, memory, ones, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { rememberingTeacher } from './index.js';

beforeAll(() => setBackend('cpu'));

/** A teacher of two members that answers with its input and its double, and counts how often it is asked. */
function counting(frozen = true): Teacher & { asked: () => number } {
  let asked = 0;
  const description: TeacherDescription = {
    output: { convention: 'logits', shape: [null, 2] },
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
        { output: x.clone(), weight: 0.25 },
        {
          output: tensor2d(
            x.dataSync().map((each) => 2 * each),
            x.shape,
          ),
          weight: 0.75,
        },
      ];
      return Promise.resolve({ members, taps: [] });
    },
  };
}

it('asks once for each example and recalls answers by id in any order', async () => {
  const inner = counting();
  const teacher = rememberingTeacher(inner);
  const batch = (rows: number[][], ids: string[]) => ({ inputs: { x: tensor2d(rows) }, ids });
  await teacher.predict(
    batch(
      [
        [1, 2],
        [3, 4],
      ],
      ['a', 'b'],
    ),
    { taps: [] },
  );
  await teacher.predict(batch([[5, 6]], ['c']), { taps: [] });
  expect(inner.asked()).toBe(2);
  const { members } = await teacher.predict(
    batch(
      [
        [0, 0],
        [0, 0],
      ],
      ['c', 'a'],
    ),
    { taps: [] },
  );
  expect(inner.asked()).toBe(2);
  expect(members.map(({ weight }) => weight)).toEqual([0.25, 0.75]);
  expect(members.map(({ output }) => output.arraySync())).toEqual([
    [
      [5, 6],
      [1, 2],
    ],
    [
      [10, 12],
      [2, 4],
    ],
  ]);
  // One unknown id, and the whole batch is asked for.
  await teacher.predict(
    batch(
      [
        [1, 2],
        [7, 8],
      ],
      ['a', 'd'],
    ),
    { taps: [] },
  );
  expect(inner.asked()).toBe(3);
  teacher.dispose?.();
  await teacher.predict(batch([[1, 2]], ['a']), { taps: [] });
  expect(inner.asked()).toBe(4);
});

it('leaves the tensors of its answers to the caller and keeps none', async () => {
  const teacher = rememberingTeacher(counting());
  const x = ones([2, 2]);
  await expectNoLeak(async () => {
    for (let round = 0; round < 3; round++) {
      const before = memory().numTensors;
      const { members } = await teacher.predict({ inputs: { x }, ids: ['a', 'b'] }, { taps: [] });
      expect(memory().numTensors - before).toBe(2);
      dispose(members.map(({ output }) => output));
    }
  });
});

it('refuses what cannot be remembered', async () => {
  const teacher = rememberingTeacher(counting());
  const x = ones([2, 2]);
  await expectKdError(() => teacher.predict({ inputs: { x } }, { taps: [] }), 'KD_TERM_NEEDS', 'batch.ids');
  await expectKdError(() => teacher.describe({ taps: ['conv'] }), 'KD_TAP_UNSUPPORTED', 'conv');
  await expectKdError(
    () => teacher.predict({ inputs: { x }, ids: ['a', 'b'] }, { taps: ['conv'] }),
    'KD_TAP_UNSUPPORTED',
  );
  const changing = rememberingTeacher(counting(false));
  await expectKdError(() => changing.describe({ taps: [] }), 'KD_TEACHER_OUTPUT', 'frozen');
  await expectKdError(() => rememberingTeacher({} as Teacher), 'KD_OPTION_TYPE', 'describe');
});
