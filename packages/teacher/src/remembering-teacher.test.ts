import '@tensorflow/tfjs-backend-cpu';
import type { Tap, Teacher, TeacherDescription } from '@kd/core';
import { expectKdError, expectNoLeak } from '@kd/testing';
import { dispose, memory, ones, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { layersTeacher, rememberingTeacher } from './index.js';

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

it('remembers taps beside outputs, each by itself', async () => {
  const hidden = layers.dense({ name: 'hidden', units: 2, inputShape: [2], kernelInitializer: 'ones' });
  const model = sequential({ layers: [hidden, layers.dense({ units: 1, kernelInitializer: 'ones' })] });
  let runs = 0;
  hidden.setCallHook(() => {
    runs += 1;
  });
  const teacher = rememberingTeacher(layersTeacher(model, { output: 'sigmoid-logits' }));
  expect((await teacher.describe({ taps: ['hidden'] })).taps).toEqual([[null, 2]]);
  const ask = async (
    rows: number[][],
    ids: string[],
    request: { taps: Tap[]; outputs?: boolean },
  ): Promise<unknown[]> => {
    const { members, taps } = await teacher.predict({ inputs: { x: tensor2d(rows) }, ids }, request);
    return [...members.map(({ output }) => output), ...taps].map((answer) => answer.arraySync());
  };
  const before = runs;
  // What was asked for its hints alone is asked once more for its outputs.
  expect(await ask([[1, 2], [3, 4]], ['a', 'b'], { taps: ['hidden'], outputs: false })).toEqual([[[3, 3], [7, 7]]]); // prettier-ignore
  expect(await ask([[0, 0]], ['b'], { taps: [{ layer: 'hidden', at: 'output' }], outputs: false })).toEqual([
    [[7, 7]],
  ]);
  expect(runs - before).toBe(1);
  expect(await ask([[1, 2]], ['a'], { taps: [] })).toEqual([[[6]]]);
  expect(runs - before).toBe(2);
  expect(await ask([[0, 0]], ['a'], { taps: ['hidden'] })).toEqual([[[6]], [[3, 3]]]);
  expect(runs - before).toBe(2);
  // Of "b" the output is not known, so all is asked for.
  expect(await ask([[0, 0], [3, 4]], ['a', 'b'], { taps: ['hidden'] })).toEqual([[[0], [14]], [[0, 0], [7, 7]]]); // prettier-ignore
  expect(runs - before).toBe(3);
  expect(await ask([[1, 1]], ['a'], { taps: [{ layer: 'hidden', at: 'preActivation' }] })).toEqual([
    [[4]],
    [[2, 2]],
  ]);
  expect(runs - before).toBe(4);
});

it('refuses what cannot be remembered', async () => {
  const teacher = rememberingTeacher(counting());
  const x = ones([2, 2]);
  await expectKdError(() => teacher.predict({ inputs: { x } }, { taps: [] }), 'KD_TERM_NEEDS', 'batch.ids');
  const changing = rememberingTeacher(counting(false));
  await expectKdError(() => changing.describe({ taps: [] }), 'KD_TEACHER_OUTPUT', 'frozen');
  await expectKdError(() => rememberingTeacher({} as Teacher), 'KD_OPTION_TYPE', 'describe');
});
