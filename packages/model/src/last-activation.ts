import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { activationOf, isContainer } from './model-graph.js';

/** The name of the activation that produces a value, if its layer has a readable one. */
export function lastActivationOf({ sourceLayer, tensorIndex }: SymbolicTensor): string | undefined {
  if (isContainer(sourceLayer)) return lastActivation(sourceLayer, tensorIndex);
  return sourceLayer.getClassName() === 'Softmax' ? 'softmax' : activationOf(sourceLayer)?.getClassName();
}

/** The name of the activation that an output of a model ends in, if its last layer has a readable one. */
export function lastActivation({ outputs }: LayersModel, position = 0): string | undefined {
  const output = outputs[position];
  return output && lastActivationOf(output);
}
