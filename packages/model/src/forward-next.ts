import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkShape, checkTensor } from '@kd/core';
import type { ContinuableLayer } from '@kd/core';
import { applyLayer } from './apply-layer.js';
import { checkBuilt, checkModel, unsupported } from './check-built.js';
import type { Layer } from './model-graph.js';
import { runContainer } from './run-container.js';
import type { Pass } from './run-container.js';
import { worksByPosition } from './works-by-position.js';

/** What a model has seen of a sequence. */
// A type alias, because `tf.tidy` does not accept an interface as a container of tensors.
export type SeenSequence = {
  /** Number of positions. */
  readonly count: number;
  /** What its layers keep, in the order in which they run. */
  readonly kept: Tensor[][];
};

/** The outputs at the next positions, and what the model has seen then. */
export type NextOutputs = {
  readonly outputs: Tensor[];
  readonly seen: SeenSequence;
};

/**
 * Runs a model on the next positions of a sequence alone, at inference, and returns its outputs there: those
 * of the whole sequence, for the cost of the next positions.
 *
 * Its layers must compute each position from itself alone, as dense layers, embeddings and normalisations of
 * the last axis do, or go on where they stopped, as the causal attention and the positions of @kd/attention
 * do. Call it inside `tf.tidy`, and return what is to be kept from there.
 *
 * @param input the next positions, `[B, n, ...]`, for a model with one input
 * @param seen what an earlier call returned, still the caller's; absent at the start of a sequence
 * @throws `KD_MODEL_UNSUPPORTED` for a model with several inputs, and for a layer that may look elsewhere;
 *   `KD_TENSOR_TYPE`, `KD_TENSOR_SHAPE` for other positions, or another number of sequences than before
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { forwardNext } from '@kd/model';
 * import { tensor3d } from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const model = sequential({
 *   layers: [layers.dense({ units: 1, kernelInitializer: 'ones', inputShape: [null, 2] })],
 * });
 * const { seen } = forwardNext(model, tensor3d([[[1, 2], [3, 4]]]));
 * const { outputs } = forwardNext(model, tensor3d([[[5, 6]]]), seen);
 * console.log(seen.count, await outputs[0]?.array());
 * // 2 [ [ [ 11 ] ] ]
 * ```
 */
export function forwardNext(model: LayersModel, input: Tensor, seen?: SeenSequence): NextOutputs {
  checkModel('forwardNext', 'model', model);
  // A look at each weight, which would cost too much for each token.
  if (seen === undefined) checkBuilt('forwardNext', 'model', model);
  if (model.inputs.length !== 1) {
    const received = `${String(model.inputs.length)} inputs of the model ${JSON.stringify(model.name)}`;
    throw unsupported(
      'forwardNext',
      'model',
      'a model with one input',
      received,
      'Run the whole sequence with forward.',
    );
  }
  checkNext(input, model, seen);
  const count = seen?.count ?? 0;
  const kept: Tensor[][] = [];
  const apply: typeof applyLayer = (layer, inputs, context) => {
    if (isContinuable(layer)) {
      const next = layer.next(inputs, { count, kept: seen?.kept[kept.length] ?? [] });
      kept.push([...next.kept]);
      return [next.value];
    }
    checkByPosition(model, layer, inputs);
    return applyLayer(layer, inputs, context);
  };
  const outputs = runContainer(model, [input], '', passOf(apply), undefined);
  return { outputs, seen: { count: count + (input.shape[1] ?? 0), kept } };
}

/** Lengths are free, also those of a model that was built for one length. */
function checkNext(input: Tensor, model: LayersModel, seen: SeenSequence | undefined): void {
  checkTensor('forwardNext', 'input', input);
  const [batch, , ...rest] = model.inputs[0]?.shape ?? [];
  const sequences = seen?.kept.flat()[0]?.shape[0] ?? batch ?? input.shape[0];
  const sizes = rest.map((size, axis) => size ?? input.shape[axis + 2] ?? 1);
  checkShape('forwardNext', 'input', input, [sequences, Math.max(1, input.shape[1] ?? 1), ...sizes]);
}

function passOf(apply: typeof applyLayer): Pass {
  const nothing = { frozen: new Set<Layer>(), wanted: new Set<string>(), tapped: new Map<string, Tensor>() };
  return { ...nothing, training: false, tapsOnly: false, place: 0, applied: 0, apply };
}

function isContinuable(layer: object): layer is ContinuableLayer {
  return typeof (layer as Partial<ContinuableLayer>).next === 'function';
}

function checkByPosition(model: LayersModel, layer: Layer, inputs: readonly Tensor[]): void {
  if (worksByPosition(layer, inputs[0]?.rank ?? 0)) return;
  throw unsupported(
    'forwardNext',
    'model',
    `layers that compute each position from itself and those before in ${JSON.stringify(model.name)}`,
    `the layer ${JSON.stringify(layer.name)}, ${layer.getClassName()}`,
    'Run the whole sequence with forward, or give the layer a method `next`, as ContinuableLayer of @kd/core.',
  );
}
