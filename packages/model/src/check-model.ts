import type { LayersModel } from '@tensorflow/tfjs-layers';
import { conventions, describeValue, KdError } from '@kd/core';
import type { Convention } from '@kd/core';
import { activationOf, applicationsOf, isContainer } from './model-graph.js';
import type { Layer } from './model-graph.js';

/**
 * Throws `KD_MODEL_UNSUPPORTED` unless `model` is a built tfjs-layers model with one output, and
 * `KD_MODEL_CONVENTION` if the activation of its last layer contradicts `convention`.
 */
export function checkModel(
  where: string,
  argument: string,
  model: unknown,
  convention: Convention,
): asserts model is LayersModel {
  checkBuilt(where, argument, model);
  const { outputs } = model;
  if (outputs.length !== 1) {
    throw unsupported(
      where,
      argument,
      'a model with one output',
      `${String(outputs.length)} outputs`,
      'Build a tf.model with only the output to distil.',
    );
  }
  checkConvention(where, argument, model, convention);
}

/** Throws `KD_MODEL_UNSUPPORTED` unless `model` is a built tfjs-layers model with layers. */
export function checkBuilt(where: string, argument: string, model: unknown): asserts model is LayersModel {
  if (typeof model !== 'object' || model === null || !isContainer(model as Layer)) {
    throw unsupported(
      where,
      argument,
      'a built tfjs-layers model',
      describeValue(model),
      'Give the first layer an inputShape, so that the model is built.',
    );
  }
  const { name, outputs } = model as LayersModel;
  if (outputs.length === 0) {
    throw unsupported(
      where,
      argument,
      'a built tfjs-layers model',
      `the model ${JSON.stringify(name)} without layers`,
      'Add layers before you pass the model.',
    );
  }
}

function unsupported(
  where: string,
  argument: string,
  expected: string,
  received: string,
  remedy: string,
): KdError {
  return new KdError({ code: 'KD_MODEL_UNSUPPORTED', where, argument, expected, received, remedy });
}

function checkConvention(where: string, argument: string, model: LayersModel, convention: Convention): void {
  const activation = lastActivation(model);
  const { isLogits, activation: squashing } = conventions[convention];
  // Only a clear contradiction is an error: a user's own layer may produce probabilities.
  if (activation !== 'softmax' && activation !== 'sigmoid') return;
  if (!isLogits && activation === squashing) return;
  throw new KdError({
    code: 'KD_MODEL_CONVENTION',
    where,
    argument: `the convention of ${argument}`,
    expected: activation === 'softmax' ? '"probabilities"' : '"sigmoid-probabilities"',
    received: `${JSON.stringify(convention)}, with a last layer that ends in ${activation}`,
    remedy: 'State the convention of the last layer, or build the model without that activation.',
  });
}

/** The name of the activation that a model ends in, if its last layer has a readable one. */
export function lastActivation(model: LayersModel): string | undefined {
  const last = applicationsOf(model).at(-1)?.layer;
  if (last === undefined) return undefined;
  if (isContainer(last)) return lastActivation(last);
  return last.getClassName() === 'Softmax' ? 'softmax' : activationOf(last)?.getClassName();
}
