import { check, optionFault, optionsOf, outputConventions, unchecked } from '@kd/core';
import type { Check, OutputConventions } from '@kd/core';
import { modelOutputs } from '@kd/model';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The model to train, with the meaning of its outputs. */
export interface Student {
  /** A built tfjs-layers model. It remains the caller's object. */
  readonly model: LayersModel;
  /**
   * The convention of the model's only output, or of several by name:
   * `{ boxes: "values", classes: { convention: "logits", from: "head/cls" } }`. Prefer logits.
   */
  readonly convention: OutputConventions;
}

const studentOptions = optionsOf<Student>()({
  model: unchecked<LayersModel>('a built tfjs-layers model'),
  convention: outputConventions,
});

/** Describes the option `student`. */
export const student: Check<Student> = check('a student, { model, convention }', (at, value) => {
  const { where, argument } = at;
  if (isModel(value)) {
    const remedy = 'Wrap it: { model, convention: "logits" }.';
    throw optionFault('TYPE', at, 'a student, { model, convention }', value, remedy);
  }
  const read = studentOptions.read(where, value as Student, argument);
  modelOutputs(where, argument, read.model, read.convention);
  return read;
});

function isModel(value: unknown): boolean {
  const { layers, outputs } = Object(value) as { readonly layers?: unknown; readonly outputs?: unknown };
  return Array.isArray(layers) && Array.isArray(outputs);
}
