import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describeShape, KdError } from '@kd/core';
import { checkBuilt, lastActivation, modelOutputs, namedWeights } from '@kd/model';

type Layer = LayersModel['layers'][number];

/** The bias in a model's logits, `[classes]`, whether or not a softmax follows. */
export function biasOf(where: string, model: LayersModel, classes: number): Variable {
  checkBuilt(where, 'model', model);
  modelOutputs(where, 'model', model, lastActivation(model) === 'softmax' ? 'probabilities' : 'logits');
  const layer = layerOfLogits(model.outputs[0] as SymbolicTensor);
  const bias = (layer.weights as readonly { originalName: string; read(): unknown }[]).find(
    ({ originalName }) => originalName.endsWith('/bias'),
  );
  const variable = bias?.read() as Variable | undefined;
  const activation = activationOf(layer);
  const isAdded = activation === undefined || activation === 'linear' || activation === 'softmax';
  // Only a weight of this layer counts, not one inside a wrapper: the wrapper may do more than add it.
  const isOwn = namedWeights(model).some((weight) => weight.variable === variable);
  if (variable !== undefined && isAdded && isOwn && variable.shape.join() === String(classes))
    return variable;
  const received = isAdded
    ? variable === undefined
      ? 'a layer without bias'
      : `a bias of shape ${describeShape(variable.shape)}`
    : `the activation ${activation} behind the bias`;
  throw new KdError({
    code: 'KD_BIAS_MISSING',
    where,
    argument: `the layer ${JSON.stringify(layer.name)}, which gives the logits,`,
    expected: `a layer that ends by adding a bias of shape [${String(classes)}]`,
    received,
    remedy: 'End the student with a dense layer that has a bias, or add the offsets to its outputs yourself.',
  });
}

/** The last layer, or the one before it if the last is a softmax. */
function layerOfLogits(output: SymbolicTensor): Layer {
  const layer = output.sourceLayer as Layer & Partial<LayersModel>;
  if (layer.layers !== undefined) {
    return layerOfLogits(layer.outputs?.[output.outputTensorIndex ?? 0] as SymbolicTensor);
  }
  const passesOn = layer.weights.length === 0 && isSoftmax(layer);
  const [before] = output.inputs;
  return passesOn && before !== undefined ? layerOfLogits(before) : layer;
}

function isSoftmax(layer: Layer): boolean {
  if (layer.getClassName() === 'Softmax') return true;
  const activation = activationOf(layer);
  return layer.getClassName() === 'Activation' && (activation === 'softmax' || activation === 'linear');
}

function activationOf(layer: Layer): string | undefined {
  const { activation } = layer as { activation?: { getClassName?: () => string } };
  return activation?.getClassName?.();
}
