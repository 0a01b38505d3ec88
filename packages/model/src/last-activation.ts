import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { whole } from '@kd/core';
import { checkModel } from './check-built.js';
import { activationOf, isContainer } from './model-graph.js';

/** The name of the activation that produces a value, if its layer has a readable one. */
export function lastActivationOf({ sourceLayer, tensorIndex }: SymbolicTensor): string | undefined {
  if (isContainer(sourceLayer)) return lastActivation(sourceLayer, tensorIndex);
  return sourceLayer.getClassName() === 'Softmax' ? 'softmax' : activationOf(sourceLayer)?.getClassName();
}

/** The name of the activation that an output of a model ends in, if its last layer has a readable one. */
export function lastActivation(model: LayersModel, position = 0): string | undefined {
  checkModel('lastActivation', 'model', model);
  whole(0).read({ where: 'lastActivation', argument: 'position' }, position);
  const output = model.outputs[position];
  return output && lastActivationOf(output);
}
