import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { describeValue, KdError } from '@kd/core';
import { isContainer } from './model-graph.js';
import type { Layer } from './model-graph.js';

/** Throws `KD_MODEL_UNSUPPORTED` unless `model` is a built tfjs-layers model with layers, not disposed. */
export function checkBuilt(where: string, argument: string, model: unknown): asserts model is LayersModel {
  checkModel(where, argument, model);
  if (!model.weights.some(isDisposed)) return;
  const received = `the disposed model ${JSON.stringify(model.name)}`;
  const remedy = 'Dispose a model only after its last use.';
  throw unsupported(where, argument, 'a model that is not disposed', received, remedy);
}

// `read` throws for a disposed weight, and nothing else in tfjs tells.
function isDisposed(weight: LayerVariable): boolean {
  try {
    weight.read();
    return false;
  } catch {
    return true;
  }
}

/** The part of `checkBuilt` that costs nothing, for what runs at each step. */
export function checkModel(where: string, argument: string, model: unknown): asserts model is LayersModel {
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
