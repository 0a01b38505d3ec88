import { tensorsOfAnswer, tensorsOfBatch } from '@kd/core';
import type { Batch, Named, TeacherAnswer, TeacherMember } from '@kd/core';
import { dispose, reverse, tensor, tidy, variable, zeros } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Column, Given } from './given.js';

/** Which examples and positions count, as a batch says it. */
export interface Marks {
  readonly sampleWeight?: readonly number[];
  readonly labelled?: readonly number[];
  /** Of all examples, one after the other. */
  readonly mask?: readonly number[];
}

/** A batch with the teacher's answer. The leaves are variables, so that gradients reach them. */
export interface Tensors {
  readonly batch: Batch;
  readonly answer: TeacherAnswer;
  readonly leaves: Readonly<Record<string, Variable>>;
}

/** The tensors of a batch. Call it in a `tidy`. */
export function tensorsOf(
  { size, columns, rows }: Given,
  maskShape: readonly number[] | undefined,
  { sampleWeight, labelled, mask }: Marks,
): Tensors {
  const made = columns.map((column) => ({ ...column, tensor: tensorOf(column, size) }));
  const of = (side: Column['slot']['side']): typeof made => made.filter(({ slot }) => slot.side === side);
  const named = (side: 'targets' | 'inputs'): Named =>
    Object.fromEntries(of(side).map(({ slot, tensor: one }) => [slot.place, one]));
  const marks = (values: readonly number[] | undefined, shape: readonly number[]): Tensor | undefined =>
    values && tensor([...values], [...shape], 'float32');
  const leaves = [...of('student'), ...of('teacher')].map(({ slot, tensor: one }) => [
    slot.key,
    variable(one),
  ]);
  const byKey = Object.fromEntries(leaves) as Record<string, Variable>;
  const parts = {
    sampleWeight: marks(sampleWeight, [size]),
    labelled: marks(labelled, [size]),
    mask: marks(mask, [size, ...(maskShape ?? [])]),
  };
  return {
    batch: {
      inputs: {
        'spare-input': zeros([size, 1]),
        ...Object.fromEntries(of('student').map(({ slot }) => [slot.key, byKey[slot.key] as Tensor])),
        ...named('inputs'),
      },
      targets: named('targets'),
      rows: tensor([...rows], [size], 'int32'),
      ...Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)),
    },
    answer: answerOf(of('teacher'), byKey),
    leaves: byKey,
  };
}

/** The same outside a `tidy`, and what frees them. */
export function openTensors(given: Given, maskShape?: readonly number[]): Tensors & { release: () => void } {
  let made: Tensors | undefined;
  const kept = tidy(() => {
    made = tensorsOf(given, maskShape, {});
    return [...tensorsOfBatch(made.batch), ...tensorsOfAnswer(made.answer)];
  });
  return {
    ...(made as unknown as Tensors),
    release: () => {
      dispose(kept);
    },
  };
}

function answerOf(columns: readonly Column[], leaves: Readonly<Record<string, Variable>>): TeacherAnswer {
  const isOutput = ({ slot }: Column): boolean => slot.key.startsWith('teacher.output/');
  const outputs = columns.filter(isOutput);
  const weights = outputs.some(({ slot }) => slot.members) ? [0.75, 0.25] : [1];
  const members = weights.map((weight, index): TeacherMember => ({
    weight,
    // A second opinion that says the opposite: members that are mixed up make a difference.
    outputs: Object.fromEntries(
      outputs.map(({ slot }) => {
        const leaf = leaves[slot.key] as Tensor;
        return [slot.place, index === 0 ? leaf : reverse(leaf, -1)];
      }),
    ),
  }));
  return {
    members: outputs.length === 0 ? [] : members,
    taps: columns.filter((column) => !isOutput(column)).map(({ slot }) => leaves[slot.key] as Tensor),
  };
}

function tensorOf({ slot, values }: Column, size: number): Tensor {
  const shape = [size, ...slot.shape];
  return tensor([...values], shape, slot.kind === 'class-ids' ? 'int32' : 'float32');
}
