import { mean, scalar, variable, zeros } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { expectTypeOf } from 'vitest';
import { checkTensor, defineModule, defineTerm, frozen, KdError, valueAt } from './index.js';
import type { Batch, Member, Schedule, Tap, Teacher, Term, ValueInfo } from './index.js';

const bank = defineModule({
  name: 'bank',
  reads: { student: { map: 'a' }, rows: true },
  build({ student, datasetSize, seed }) {
    expectTypeOf(student.map).toEqualTypeOf<ValueInfo>();
    expectTypeOf(datasetSize).toEqualTypeOf<number>();
    expectTypeOf(seed).toEqualTypeOf<number>();
    expectTypeOf(student).not.toHaveProperty('other');
    return {
      memory: variable(zeros([datasetSize, 2]), false),
      centers: scalar(1),
      net: layers.dense({ units: 1 }),
      nets: [layers.dense({ units: 1 })],
      double: (x: Tensor) => x,
    };
  },
});

// What the author reads, owns and schedules is typed where the loss uses it.
const all = defineTerm({
  name: 'all',
  weight: ({ epoch }) => 1 / (1 + epoch),
  reads: {
    student: { map: 'a', z: { as: 'logits' }, many: ['a', { layer: 'b', at: 'preActivation' }] },
    teacher: { z: { as: 'logits', members: true }, boxes: { as: 'values', output: 'boxes' } },
    targets: { labels: { as: 'class-ids' } },
    rows: true,
  },
  modules: { bank, same: frozen(bank) },
  scalars: { temperature: 4, margin: ({ step }) => step },
  check({ student, teacher }) {
    expectTypeOf(student.many).toEqualTypeOf<readonly ValueInfo[]>();
    expectTypeOf(teacher.boxes).toEqualTypeOf<ValueInfo>();
  },
  loss(batch) {
    expectTypeOf(batch.student.map).toEqualTypeOf<Tensor>();
    expectTypeOf(batch.student.many).toEqualTypeOf<readonly Tensor[]>();
    expectTypeOf(batch.teacher.z).toEqualTypeOf<readonly Member[]>();
    expectTypeOf(batch.targets.labels).toEqualTypeOf<Tensor>();
    expectTypeOf(batch.rows).toEqualTypeOf<Tensor>();
    expectTypeOf(batch.mask).toEqualTypeOf<undefined>();
    expectTypeOf(batch.scalars.temperature).toEqualTypeOf<Scalar>();
    expectTypeOf(batch.datasetSize).toEqualTypeOf<number>();
    expectTypeOf(batch.modules.bank.memory).toEqualTypeOf<Variable>();
    expectTypeOf(batch.modules.same.centers).toEqualTypeOf<Scalar>();
    expectTypeOf(batch.modules.bank.net).toEqualTypeOf<(...inputs: Tensor[]) => Tensor>();
    expectTypeOf(batch.modules.bank.nets).toEqualTypeOf<readonly ((...inputs: Tensor[]) => Tensor)[]>();
    expectTypeOf(batch.modules.bank.double).toEqualTypeOf<(x: Tensor) => Tensor>();
    expectTypeOf(batch.student).not.toHaveProperty('other');
    expectTypeOf(batch.scalars).not.toHaveProperty('temperatur');
    // A number would stay in a compiled step for ever, and so would the time.
    expectTypeOf(batch.scalars.temperature).not.toExtend<number>();
    expectTypeOf(batch).not.toHaveProperty('time');
    return { values: mean(batch.student.map, -1), carry: { rows: batch.rows, news: batch.student.map } };
  },
  afterStep({ modules, carry }) {
    expectTypeOf(carry).toEqualTypeOf<{ rows: Tensor; news: Tensor }>();
    modules.bank.memory.assign(carry.news);
    expectTypeOf(carry).not.toHaveProperty('news2');
  },
});
expectTypeOf(all).toEqualTypeOf<Term>();

defineTerm({
  name: 'nothing of the teacher',
  reads: { student: { z: { as: 'values' } } },
  loss(batch) {
    expectTypeOf(batch.teacher).not.toHaveProperty('z');
    expectTypeOf(batch.rows).toEqualTypeOf<undefined>();
    return { values: batch.student.z };
  },
});

const values = scalar(0);
// @ts-expect-error A misspelt field.
defineTerm({ name: 'a', reads: {}, need: ['ids'], loss: () => ({ values }) });
// @ts-expect-error A term without a loss.
defineTerm({ name: 'a', reads: {} });
// @ts-expect-error A tensor is no loss.
defineTerm({ name: 'a', reads: {}, loss: () => values });
// @ts-expect-error Nothing asynchronous is computed inside the tape.
defineTerm({ name: 'a', reads: {}, loss: () => Promise.resolve({ values }) });
// @ts-expect-error No such convention.
defineTerm({ name: 'a', reads: { student: { z: { as: 'logit' } } }, loss: () => ({ values }) });
// @ts-expect-error Class ids are no output.
defineTerm({ name: 'a', reads: { student: { z: { as: 'class-ids' } } }, loss: () => ({ values }) });
// @ts-expect-error Logits are no target.
defineTerm({ name: 'a', reads: { targets: { y: { as: 'logits' } } }, loss: () => ({ values }) });
// @ts-expect-error A module is made of tensors, layers and functions.
defineModule({ name: 'a', reads: {}, build: () => ({ seed: 3 }) });

expectTypeOf(valueAt).toBeCallableWith(({ step }: { step: number }) => step, { step: 0, epoch: 0 });
expectTypeOf<Term['weight']>().toEqualTypeOf<number | Schedule>();

expectTypeOf<'conv'>().toExtend<Tap>();
expectTypeOf<{ layer: 'conv'; node: 1; at: 'preActivation' }>().toExtend<Tap>();
expectTypeOf<{ layer: 'conv'; at: 'input' }>().not.toExtend<Tap>();

// A batch may come with inputs alone, and nothing in it can be replaced.
expectTypeOf<{ inputs: { x: Tensor } }>().toExtend<Batch>();
expectTypeOf<Batch['sampleWeight']>().toEqualTypeOf<Tensor | undefined>();
const batch: Batch = { inputs: {} };
// @ts-expect-error Read-only.
batch.inputs = {};

// A teacher answers at once or in its own time.
expectTypeOf<Awaited<ReturnType<Teacher['predict']>>>().toHaveProperty('members');

// Checks narrow what they checked.
declare const value: unknown;
export function narrowsTensor(tensor: unknown): void {
  checkTensor('f', 'x', tensor);
  expectTypeOf(tensor).toEqualTypeOf<Tensor>();
}
if (KdError.isInstance(value)) expectTypeOf(value.code).toEqualTypeOf<string>();
// Codes are checked by form; a test holds those of this repository to the lists of its packages.
const parts = { where: '', argument: '', expected: '', received: '', remedy: '' };
new KdError({ ...parts, code: 'KD_TAP_UNKNOWN' });
new KdError({ ...parts, code: 'KD_MYTERM_BROKEN' });
// @ts-expect-error Not of the form KD_<NOUN>_<FAULT>.
new KdError({ ...parts, code: 'MY_ERROR' });
