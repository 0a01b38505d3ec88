import { dispose, keep, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Given } from './given.js';
import type { Rig } from './rig.js';
import { tensorsOf } from './tensors.js';
import type { Marks } from './tensors.js';

/** Numbers with their shape. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** What a term says to a batch. */
export interface Measured {
  /** The loss of the batch, as a recipe reduces it, without the term's weight. */
  readonly loss: number;
  /** What the term returned. */
  readonly values: Numbers;
  readonly weights?: Numbers;
  /** The gradient of the loss by the keys of the slots; undefined for a place that it does not depend on. */
  readonly gradients: Readonly<Record<string, readonly number[] | undefined>>;
  /** The same by the names of the modules' weights. */
  readonly ofModules: Readonly<Record<string, readonly number[] | undefined>>;
}

/** How to measure. */
export interface Measuring extends Marks {
  readonly training?: boolean;
  readonly seed?: number;
  /** Whether to differentiate by what the teacher says too, which is on no tape in a training. */
  readonly ofTeacher?: boolean;
  /** Whether to call `afterStep` at the end. */
  readonly step?: boolean;
}

/** Runs the loss and its gradient on a batch. */
export async function measure(rig: Rig, given: Given, measuring: Measuring = {}): Promise<Measured> {
  const { objective, last, term, shapes } = rig;
  const { training = true, seed = 1, ofTeacher = false, step = false, ...marks } = measuring;
  const kept: Tensor[] = [];
  const hold = (tensor: Tensor): Tensor => {
    kept.push(keep(tensor.clone()));
    return kept.at(-1) as Tensor;
  };
  let leaves: Readonly<Record<string, Variable>> = {};
  const learnt = objective.trainable.filter(({ variable }) => isOfModule(rig, variable));
  try {
    const found = tidy(() => {
      const made = tensorsOf(given, shapes.mask, marks);
      ({ leaves } = made);
      const { batch, answer } = made;
      const differentiated = Object.entries(leaves).flatMap(([key, leaf]) =>
        ofTeacher || key.startsWith('student.') ? [leaf] : [],
      );
      let values: Tensor | undefined;
      let weights: Tensor | undefined;
      const { value, grads } = variableGrads(() => {
        const time = { step: 3, epoch: 1 };
        const result = objective.evaluate({ batch, answer, time, training, seed });
        if (step) result.afterStep();
        result.release();
        values = hold(last.loss?.values as Tensor);
        weights = last.loss?.weights && hold(last.loss.weights);
        return result.losses[term.name] as Scalar;
      }, [...differentiated, ...learnt.map(({ variable }) => variable)]);
      const slopes = (variable: Variable): Tensor | undefined => {
        const slope = grads[variable.name] as Tensor | null | undefined;
        return slope ? hold(slope) : undefined;
      };
      return {
        loss: hold(value),
        values: values,
        weights: weights,
        gradients: Object.entries(leaves).map(([key, leaf]) => [key, slopes(leaf)] as const),
        ofModules: learnt.map(({ name, variable }) => [name, slopes(variable)] as const),
      };
    });
    return {
      loss: (await numbersOf(found.loss)).values[0] as number,
      values: await numbersOf(found.values as Tensor),
      ...(found.weights && { weights: await numbersOf(found.weights) }),
      gradients: await named(found.gradients),
      ofModules: await named(found.ofModules),
    };
  } finally {
    dispose(kept);
    dispose(Object.values(leaves));
  }
}

async function numbersOf(tensor: Tensor): Promise<Numbers> {
  return { shape: tensor.shape, values: Array.from(await tensor.data()) };
}

async function named(
  tensors: readonly (readonly [string, Tensor | undefined])[],
): Promise<Record<string, readonly number[] | undefined>> {
  const read = tensors.map(
    async ([name, tensor]) => [name, tensor && (await numbersOf(tensor)).values] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}

function isOfModule({ objective }: Rig, variable: Variable): boolean {
  return objective.moduleWeights.some((one) => one.variable === variable);
}

/** The loss alone, without a gradient: no tape, so that it is fast. */
export async function lossAt(rig: Rig, given: Given, measuring: Measuring = {}): Promise<number> {
  const { objective, term, shapes } = rig;
  const { training = true, seed = 1, ...marks } = measuring;
  let leaves: readonly Tensor[] = [];
  const loss = tidy(() => {
    const made = tensorsOf(given, shapes.mask, marks);
    leaves = Object.values(made.leaves);
    const { batch, answer } = made;
    const result = objective.evaluate({ batch, answer, time: { step: 3, epoch: 1 }, training, seed });
    result.release();
    return result.losses[term.name] as Tensor;
  });
  const [number] = await loss.data();
  dispose([loss, ...leaves]);
  return number as number;
}
