import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describeValue, KdError } from '@kd/core';
import { isContainer } from './model-graph.js';
import type { Layer } from './model-graph.js';

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

/** The error `KD_MODEL_UNSUPPORTED`. */
export function unsupported(
  where: string,
  argument: string,
  expected: string,
  received: string,
  remedy: string,
): KdError {
  return new KdError({ code: 'KD_MODEL_UNSUPPORTED', where, argument, expected, received, remedy });
}
