import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { mean, square, sub } from '@tensorflow/tfjs-core';
import { expectTypeOf } from 'vitest';
import { checkTensor, KdError, valueAt } from './index.js';
import type { Batch, Module, Schedule, Tap, Teacher, Term } from './index.js';

// The least that a term must say.
({
  apiVersion: 1,
  name: 'squared error',
  reduces: 'example',
  loss: ({ student, teacher }) => ({
    values: mean(square(sub(teacher?.members[0]?.output ?? 0, student.output)), -1),
  }),
}) satisfies Term;

const loss = () => ({ values: {} as Tensor });
// @ts-expect-error A term says whether its values are one per example.
({ apiVersion: 1, name: 'a', loss }) satisfies Term;
// @ts-expect-error There is no second version of the contract.
({ apiVersion: 2, name: 'a', reduces: 'batch', loss }) satisfies Term;
// A loss is computed inside the tape, which nothing asynchronous is.
expectTypeOf<() => Promise<{ values: Tensor }>>().not.toExtend<Term['loss']>();

expectTypeOf<Term['weight']>().toEqualTypeOf<number | Schedule | undefined>();
expectTypeOf(valueAt).toBeCallableWith(({ step }: { step: number }) => step, { step: 0, epoch: 0 });

expectTypeOf<'conv'>().toExtend<Tap>();
expectTypeOf<{ layer: 'conv'; node: 1; at: 'preActivation' }>().toExtend<Tap>();
expectTypeOf<{ layer: 'conv'; at: 'input' }>().not.toExtend<Tap>();

// A batch may come with inputs alone, and nothing in it can be replaced.
expectTypeOf<{ inputs: { x: Tensor } }>().toExtend<Batch>();
expectTypeOf<Batch['sampleWeight']>().toEqualTypeOf<Tensor | undefined>();
const batch: Batch = { inputs: {} };
// @ts-expect-error Read-only.
batch.inputs = {};

// Teachers answer in their own time; modules are built at once.
expectTypeOf<ReturnType<Teacher['predict']>>().resolves.toHaveProperty('members');
expectTypeOf<ReturnType<Module['build']>['trainable'][string]>().toEqualTypeOf<Variable>();

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
