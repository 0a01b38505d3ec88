import { check, convention, optionsOf, unchecked } from '@kd/core';
import type { Check, Convention } from '@kd/core';
import { checkModel } from '@kd/model';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The model that is trained, with what it puts out. */
export interface Student {
  /** A built tfjs-layers model with one output. It stays the caller's own object. */
  readonly model: LayersModel;
  /** What the model puts out; logits are best. */
  readonly convention: Convention;
}

const studentOptions = optionsOf<Student>()({
  model: unchecked<LayersModel>('a built tfjs-layers model'),
  convention,
});

/** A student, as an option. */
export const student: Check<Student> = check(
  'a student, with model and convention',
  ({ where, argument }, value) => {
    const read = studentOptions.read(where, value as Student, argument);
    checkModel(where, argument, read.model, read.convention);
    return read;
  },
);
