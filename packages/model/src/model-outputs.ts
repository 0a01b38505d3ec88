import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { convention as conventionOption, conventions, describeShape, KdError, namedOutputs } from '@kd/core';
import type { NamedOutput, OptionPath, OutputConventions, OutputInfo } from '@kd/core';
import { checkBuilt, unsupported } from './check-built.js';
import { lastActivationOf } from './last-activation.js';

/** An output of a model, as its user states it. */
export interface ModelOutput extends OutputInfo {
  readonly name: string;
  /** Among the outputs of the model. */
  readonly position: number;
}

/**
 * The outputs of a model that its user has named, in the order of the names.
 *
 * @param where the calling function, for messages
 * @param argument what the caller calls the model
 * @param model a built model
 * @param stated the convention of its only output, or conventions by name
 * @throws `KD_MODEL_UNSUPPORTED` for anything but a built model, or for several outputs of which one
 *   convention is stated; `KD_OUTPUT_UNKNOWN` for an output that the model lacks; `KD_MODEL_CONVENTION` if
 *   the activation of an output's last layer contradicts its convention, or one class is all that there is
 *
 * @example
 * ```ts
 * import { modelOutputs } from '@kd/model';
 * import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
 * const x = input({ shape: [4] });
 * const head = (name: string, units: number) => layers.dense({ name, units }).apply(x) as SymbolicTensor;
 * const detector = model({ inputs: x, outputs: [head('reg', 2), head('cls', 3)] });
 * const conventions = { boxes: { convention: 'values', from: 'reg' }, cls: 'logits' } as const;
 * const outputs = modelOutputs('example', 'model', detector, conventions);
 * console.log(outputs.map(({ name, shape }) => `${name} ${shape.join()}`));
 * // [ 'boxes ,2', 'cls ,3' ]
 * ```
 */
export function modelOutputs(
  where: string,
  argument: string,
  model: unknown,
  stated: OutputConventions,
): ModelOutput[] {
  checkBuilt(where, argument, model);
  const named = readStated({ where, argument: `the convention of ${argument}` }, stated);
  const { outputs } = model;
  if (typeof stated === 'string' && outputs.length > 1) {
    const names = outputNames(model).join(', ');
    throw unsupported(
      where,
      argument,
      'a model with one output, because one convention is stated',
      `the outputs ${names}`,
      'State the conventions by name: { boxes: "values", classes: "logits" }.',
    );
  }
  return named.map(([name, output]) => {
    const position = typeof stated === 'string' ? 0 : positionOf(where, argument, model, name, output);
    const symbolic = outputs[position] as SymbolicTensor;
    const place = typeof stated === 'string' ? argument : `the output ${JSON.stringify(name)} of ${argument}`;
    checkConvention(where, place, symbolic, output);
    return { name, position, convention: output.convention, shape: symbolic.shape };
  });
}

// Only the conventions: a teacher states more of an output than a student, and has checked it.
function readStated(at: OptionPath, stated: OutputConventions): (readonly [string, NamedOutput])[] {
  if (typeof stated !== 'object' || (stated as unknown) === null) conventionOption.read(at, stated);
  const named = Object.entries(namedOutputs(stated));
  for (const [name, output] of named) {
    const argument = `${at.argument}[${JSON.stringify(name)}]`;
    conventionOption.read({ ...at, argument }, (Object(output) as NamedOutput).convention);
  }
  return named;
}

// A Sequential has no `outputNames` before its first run.
function outputNames({ outputs }: LayersModel): string[] {
  return outputs.map(({ sourceLayer }) => sourceLayer.name);
}

function positionOf(
  where: string,
  argument: string,
  model: LayersModel,
  name: string,
  { from = name }: NamedOutput,
): number {
  const names = outputNames(model);
  const position = names.indexOf(from);
  if (position >= 0 && names.lastIndexOf(from) === position) return position;
  throw new KdError({
    code: 'KD_OUTPUT_UNKNOWN',
    where,
    argument: `the output ${JSON.stringify(name)} of ${argument}`,
    expected: `one of ${names.join(', ')}`,
    received:
      position < 0 ? JSON.stringify(from) : `${JSON.stringify(from)}, which several outputs are called`,
    remedy: 'Outputs are called like their layers; rename one with `from`: { boxes: { convention, from } }.',
  });
}

function checkConvention(
  where: string,
  argument: string,
  symbolic: SymbolicTensor,
  { convention }: NamedOutput,
): void {
  const wrong = (expected: string, received: string, remedy: string): KdError =>
    new KdError({
      code: 'KD_MODEL_CONVENTION',
      where,
      argument: `the convention of ${argument}`,
      expected,
      received,
      remedy,
    });
  const { family, scale, squashing } = conventions[convention];
  if (family === 'values') return;
  const stated = JSON.stringify(convention);
  // Maps of size one, `[B, N, 1, 1]`, are channels first: their last axis is no class.
  if (family === 'classes' && symbolic.shape.at(-1) === 1 && symbolic.shape.length < 4) {
    throw wrong(
      '"values", "sigmoid-logits" or "sigmoid-probabilities"',
      `${stated}, for the output ${describeShape(symbolic.shape)}, whose only class has the probability 1`,
      'Regress with "values"; a yes or no is one independent label.',
    );
  }
  const activation = lastActivationOf(symbolic);
  // Only a clear contradiction is an error: a user's own layer may produce probabilities.
  if (activation !== 'softmax' && activation !== 'sigmoid') return;
  if (scale === 'probabilities' && activation === squashing) return;
  throw wrong(
    activation === 'softmax' ? '"probabilities"' : '"sigmoid-probabilities"',
    `${stated}, with a last layer that ends in ${activation}`,
    'State the convention of the last layer, or build the model without that activation.',
  );
}
