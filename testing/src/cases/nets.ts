// Shared by the cases: two dense layers on four numbers, and a term that compares outputs.
import { namedWeights } from '@kd/model';
import type { Module, Convention, Teacher, Term } from '@kd/core';
import type { Student } from '@kd/recipe';
import { layersTeacher } from '@kd/teacher';
import {
  mean,
  mul,
  scalar,
  squaredDifference,
  tidy,
  train as optimizers,
  variable,
} from '@tensorflow/tfjs-core';
import type { Optimizer, Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The layers `<name>_hidden` and `<name>_out`. */
export const mlp = (units: number, name: string, outputs = 2): LayersModel =>
  sequential({
    layers: [
      layers.dense({ units, name: `${name}_hidden`, activation: 'relu', inputShape: [4] }),
      layers.dense({ units: outputs, name: `${name}_out` }),
    ],
  });

export const student = (outputs?: number, convention: Convention = 'logits'): Student => ({
  model: mlp(3, 'thin', outputs),
  convention,
});

export const teacher = (outputs?: number, convention: Convention = 'logits'): Teacher =>
  layersTeacher(mlp(9, 'wide', outputs), { convention });

/** Numbers between -1 and 1; no two rows are equal. */
export const numbers = (
  rows: number,
  rowShape: readonly number[],
): { values: Float32Array; shape: number[] } => {
  const size = rowShape.reduce((product, axis) => product * axis, rows);
  return {
    values: Float32Array.from({ length: size }, (_, index) => Math.sin(index ** 2)),
    shape: [rows, ...rowShape],
  };
};

export const data: { inputs: ReturnType<typeof numbers>; labels: Int32Array } = {
  inputs: numbers(16, [4]),
  labels: Int32Array.from({ length: 16 }, (_, row) => row % 2),
};

export const adam = (): Optimizer => optimizers.adam(0.01);
export const sgd = (): Optimizer => optimizers.sgd(0.1);

/** The mean squared difference `[B]` between the outputs of student and teacher. */
export const distance = (output: Tensor, target: Tensor): Tensor =>
  mean(squaredDifference(output, target), -1);

const outputOfTeacher = (batch: Parameters<Term['loss']>[0]): Tensor => {
  const member = batch.teacher?.members[0];
  if (member === undefined) throw new Error('the term was given no teacher');
  return member.output;
};

/** A term on the outputs of student and teacher. */
export const matching = (more: Partial<Term> = {}): Term => ({
  apiVersion: 1,
  name: 'matching',
  reduces: 'example',
  needs: ['teacher'],
  loss: (batch) => ({ values: distance(batch.student.output, outputOfTeacher(batch)) }),
  ...more,
});

/** A module with one number, and the number's value when the module was freed. */
export function scale(start = 1): { readonly module: Module; readonly ends: number[] } {
  const ends: number[] = [];
  const build: Module['build'] = () => {
    const value = tidy(() => variable(scalar(start)));
    const dispose = (): void => {
      ends.push(valueOf(value));
      value.dispose();
    };
    return { trainable: { value }, buffers: {}, dispose };
  };
  return { module: { name: 'scale', build }, ends };
}

/** The number of the module `scale` in a term's batch. */
export const scaleOf = ({ modules }: Parameters<Term['loss']>[0]): Tensor => {
  const value = modules['scale']?.trainable['value'];
  if (value === undefined) throw new Error('the term was given no module');
  return value;
};

/** `matching` on the student's outputs times the number of the module. */
export const scaled = (module: Module, more: Partial<Term> = {}): Term =>
  matching({
    name: 'scaled',
    modules: [module],
    loss: (batch) => ({
      values: distance(mul(batch.student.output, scaleOf(batch)), outputOfTeacher(batch)),
    }),
    ...more,
  });

/** The only number of a tensor. */
export const valueOf = (tensor: Tensor): number => tensor.dataSync()[0] ?? NaN;

/** Every weight of a model. */
export const numbersOf = (model: LayersModel): number[] =>
  namedWeights(model).flatMap(({ variable: weight }) => Array.from(weight.dataSync()));

/** "same" or "moved": whether the weights of a model have changed. */
export const since = (before: readonly number[], model: LayersModel): 'same' | 'moved' =>
  numbersOf(model).every((value, index) => value === before[index]) ? 'same' : 'moved';
