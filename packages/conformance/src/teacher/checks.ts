import { KdError } from '@kd/core';
import { dispose, memory } from '@tensorflow/tfjs-core';
import { areClose, areSame, few } from '../close.js';
import { conforms } from '../nonconformity.js';
import { batchOf, withTeacher } from './ask.js';
import type { Said } from './ask.js';
import { describedOutputs, describedShapes, fits, keepsConvention } from './described.js';
import type { TeacherCheck } from './subject.js';

const all = [0, 1, 2, 3, 4];
const order = [3, 0, 4, 2, 1];

/** All rules for teachers. */
export const teacherChecks: readonly TeacherCheck[] = [
  {
    name: 'fingerprint',
    rule: 'has a fingerprint that is the same for the same teacher',
    run: async (subject) => {
      const prints = [await fingerprintOf(subject), await fingerprintOf(subject)];
      conforms(
        prints[0] !== '' && prints[0] === prints[1],
        () => `They are ${prints.map((one) => JSON.stringify(one)).join(' and ')}.`,
      );
    },
  },
  {
    name: 'shapes',
    rule: 'answers in the shapes that it describes, in float32 or, if they are values, in int32',
    run: (subject) =>
      withTeacher(subject, async (asked) => {
        const { shapes, dtypes } = await asked.about(all);
        const described = describedShapes(asked, shapes.length);
        conforms(
          shapes.every((shape, index) => fits(shape, described[index])),
          () => `It describes ${JSON.stringify(described)} and answers ${JSON.stringify(shapes)}.`,
        );
        const infos = describedOutputs(asked, dtypes.length);
        const fitting = dtypes.map((dtype, index) =>
          dtype === 'int32' ? infos[index]?.convention === 'values' : dtype === 'float32',
        );
        conforms(fitting.every(Boolean), () => `It answers in ${dtypes.join(', ')}.`);
      }),
  },
  {
    name: 'members',
    rule: 'has members whose weights sum to 1',
    run: (subject) =>
      withTeacher(subject, async ({ about }) => {
        const { weights } = await about(all);
        const total = weights.reduce((a, b) => a + b, 0);
        conforms(
          weights.every((weight) => weight >= 0) && Math.abs(total - 1) < 1e-6,
          () => `The weights are ${few(weights)}.`,
        );
      }),
  },
  {
    name: 'convention',
    rule: 'keeps its conventions: probabilities are in [0, 1], those of classes sum to 1',
    run: (subject) =>
      withTeacher(subject, async (asked) => {
        const { numbers, shapes } = await asked.about(all);
        for (const [index, info] of describedOutputs(asked, numbers.length).entries())
          if (info !== undefined) keepsConvention(info, numbers[index] ?? [], shapes[index]?.at(-1) ?? 1);
      }),
  },
  {
    name: 'repeatable',
    rule: 'gives the same answer to the same question, if it says that it is frozen',
    run: (subject) =>
      withTeacher(subject, async ({ about, description }) => {
        const first = await about(all);
        await about([1, 3]);
        const again = await about(all);
        conforms(
          !description.frozen || areSame(flat(first), flat(again)),
          () => `It said ${few(flat(first))}, then ${few(flat(again))}.`,
        );
      }),
  },
  {
    name: 'order',
    rule: 'answers each example by itself, in the order of the batch',
    run: (subject) =>
      withTeacher(subject, async ({ about }) => {
        const [said, other] = [await about(all), await about(order)];
        const expected = { ...said, numbers: said.numbers.map((numbers) => rowsOf(numbers, order)) };
        conforms(
          areClose(flat(other), flat(expected), 1e-4, 1e-6),
          () => `In another order it says ${few(flat(other))}, not ${few(flat(expected))}.`,
        );
      }),
  },
  {
    name: 'batch-of-one',
    rule: 'answers a single example as among others',
    run: (subject) =>
      withTeacher(subject, async ({ about }) => {
        const [said, alone] = [await about(all), await about([0])];
        const expected = said.numbers.flatMap((numbers) => numbers.slice(0, numbers.length / 5));
        conforms(
          areClose(flat(alone), expected, 1e-4, 1e-6),
          () => `Alone it says ${few(flat(alone))}, among others ${few(expected)}.`,
        );
      }),
  },
  {
    name: 'no-tensor-left',
    rule: 'leaves no tensor behind but its answer, and none once it is disposed',
    run: async (subject) => {
      const before = memory().numTensors;
      await withTeacher(subject, async ({ about }) => {
        await about(all);
        const held = memory().numTensors;
        for (let asked = 0; asked < 3; asked++) await about(all);
        const left = (memory().numTensors - held) / 3;
        conforms(left === 0, () => `Each question leaves ${String(left)} tensors.`);
      });
      const left = memory().numTensors - before;
      conforms(left === 0, () => `Once it is disposed, ${String(left)} tensors are left.`);
    },
  },
  {
    name: 'keeps-inputs',
    rule: 'neither disposes nor changes its inputs',
    run: (subject) =>
      withTeacher(subject, async ({ teacher, outputs }) => {
        const [batch, same] = [batchOf(subject.requests, all), batchOf(subject.requests, all)];
        try {
          const answer = await teacher.predict(batch, { outputs, taps: subject.requests.taps ?? [] });
          dispose(answer as never);
          for (const [name, input] of Object.entries(batch.inputs)) {
            conforms(!input.isDisposed, () => `The input ${name} is disposed.`);
            const [now, then] = [await input.data(), (await same.inputs[name]?.data()) ?? []];
            conforms(areSame(Array.from(now), Array.from(then)), () => `The input ${name} has changed.`);
          }
        } finally {
          dispose([...Object.values(batch.inputs), ...Object.values(same.inputs)]);
        }
      }),
  },
  {
    name: 'unknown-tap',
    rule: 'refuses a tap that it lacks before the first step',
    applies: ({ requests }) => requests.unknownTap !== undefined,
    run: (subject) =>
      withTeacher(subject, async ({ teacher }) => {
        const taps = subject.requests.unknownTap === undefined ? [] : [subject.requests.unknownTap];
        const refused = await Promise.resolve()
          .then(() => teacher.describe({ taps }))
          .then(
            () => undefined,
            (error: unknown) => error,
          );
        conforms(KdError.isInstance(refused) && refused.code === 'KD_TAP_UNKNOWN', () =>
          refused === undefined ? 'It describes it.' : 'Its error is not KD_TAP_UNKNOWN.',
        );
      }),
  },
];

function fingerprintOf(subject: Parameters<TeacherCheck['run']>[0]): Promise<string> {
  return withTeacher(subject, ({ description }) => Promise.resolve(description.fingerprint));
}

function rowsOf(numbers: readonly number[], rows: readonly number[]): number[] {
  const width = numbers.length / rows.length;
  return rows.flatMap((row) => numbers.slice(row * width, (row + 1) * width));
}

function flat({ numbers }: Said): readonly number[] {
  return numbers.flat();
}
