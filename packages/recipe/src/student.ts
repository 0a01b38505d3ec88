import { check, optionsOf, unchecked } from '@kd/core';
import type { Check, OutputConvention } from '@kd/core';
import { checkModel } from '@kd/model';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The model that is trained, with what it puts out. */
export interface Student {
  /** A built tfjs-layers model with one output. It stays the caller's own object. */
  readonly model: LayersModel;
  /** What the model puts out; logits are best. */
  readonly output: OutputConvention;
}

// Which of the two is wrong can only be told of both together.
const studentOptions = optionsOf<Student>()({
  model: unchecked<LayersModel>('a built tfjs-layers model'),
  output: unchecked<OutputConvention>('an output convention'),
});

/** A student, as an option. */
export const student: Check<Student> = check(
  'a student, with model and output',
  ({ where, argument }, value) => {
    const { model, output } = studentOptions.read(where, value as Student, argument);
    checkModel(where, argument, model, output);
    return { model, output };
  },
);
