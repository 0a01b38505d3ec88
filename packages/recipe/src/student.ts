import { check, convention, optionsOf, unchecked } from '@kd/core';
import type { Check, Convention } from '@kd/core';
import { checkModel } from '@kd/model';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The model to train, with its output convention. */
export interface Student {
  /** A built tfjs-layers model with one output. It remains the caller's object. */
  readonly model: LayersModel;
  /** The convention of the model's output. Prefer logits. */
  readonly convention: Convention;
}

const studentOptions = optionsOf<Student>()({
  model: unchecked<LayersModel>('a built tfjs-layers model'),
  convention,
});

/** Describes the option `student`. */
export const student: Check<Student> = check(
  'a student with model and convention',
  ({ where, argument }, value) => {
    const read = studentOptions.read(where, value as Student, argument);
    checkModel(where, argument, read.model, read.convention);
    return read;
  },
);
