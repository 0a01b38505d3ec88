import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { applyLayer, applyWithPreActivation } from './apply-layer.js';
import { applicationsOf, isContainer } from './model-graph.js';
import type { Layer } from './model-graph.js';
import type { ResolvedTap } from './resolve-tap.js';
import { subSeed } from './sub-seed.js';

/** How a model is run. */
export interface ForwardOptions {
  /** The values to give beside the outputs. */
  readonly taps?: readonly ResolvedTap[];
  /** Dropout on, batch statistics used and updated, except in frozen layers with weights. */
  readonly training: boolean;
  /** Makes dropout repeatable: layers draw from seeds derived from this one and their place in the model. */
  readonly seed?: number;
}

/** Outputs of the model, and the tapped values in the order in which they were asked for. */
export interface ForwardResult {
  readonly outputs: Tensor[];
  readonly taps: Tensor[];
}

interface Value {
  readonly tensor: Tensor;
  readonly mask: Tensor | undefined;
}
interface Pass extends ForwardOptions {
  readonly tapped: Map<string, Tensor>;
}

/**
 * Runs a model once and gives its outputs and any values inside it, of nested and shared layers too.
 *
 * It walks the model's own graph, so that no layer is added, changed or disposed. Call it inside `tf.tidy` or under the tape.
 *
 * @param inputs one tensor for each input of the model, in its order
 */
export function forward(
  model: LayersModel,
  inputs: readonly Tensor[],
  options: ForwardOptions,
): ForwardResult {
  const tapped = new Map<string, Tensor>();
  const values = inputs.map((tensor) => ({ tensor, mask: undefined }));
  const outputs = runContainer(model, values, '', { ...options, tapped });
  return {
    outputs: outputs.map(({ tensor }) => tensor),
    taps: (options.taps ?? []).map((tap) => tapped.get(tapKey(tap)) as Tensor),
  };
}

function tapKey(tap: Pick<ResolvedTap, 'key' | 'at'>): string {
  return `${tap.key}@${tap.at}`;
}

function runContainer(container: LayersModel, inputs: readonly Value[], prefix: string, pass: Pass): Value[] {
  const values = new Map<SymbolicTensor, Value>();
  container.inputs.forEach((symbolic, index) => values.set(symbolic, inputs[index] as Value));
  const valueOf = (symbolic: SymbolicTensor): Value => values.get(symbolic) as Value;
  for (const application of applicationsOf(container)) {
    const given = application.inputs.map(valueOf);
    const key = prefix + application.key;
    const results = isContainer(application.layer)
      ? runContainer(application.layer, given, `${key}/`, pass)
      : runLayer(application.layer, given, key, pass);
    application.outputs.forEach((symbolic, index) => values.set(symbolic, results[index] as Value));
    if (results[0] !== undefined) pass.tapped.set(tapKey({ key, at: 'output' }), results[0].tensor);
  }
  return container.outputs.map(valueOf);
}

function runLayer(layer: Layer, given: readonly Value[], key: string, pass: Pass): Value[] {
  const inputs = given.map(({ tensor }) => tensor);
  const masks = given.map(({ mask }) => mask);
  const seed = pass.seed === undefined ? undefined : subSeed(pass.seed, key);
  const context = { training: pass.training, seed, mask: masks[0] };
  const preActivation = tapKey({ key, at: 'preActivation' });
  let outputs: Tensor[];
  if (pass.taps?.some((tap) => tapKey(tap) === preActivation) === true) {
    const applied = applyWithPreActivation(layer, inputs, context);
    pass.tapped.set(preActivation, applied.preActivation);
    outputs = applied.outputs;
  } else {
    outputs = applyLayer(layer, inputs, context);
  }
  const mask = maskAfter(layer, inputs, masks);
  return outputs.map((tensor) => ({ tensor, mask }));
}

function maskAfter(
  layer: Layer,
  inputs: Tensor[],
  masks: readonly (Tensor | undefined)[],
): Tensor | undefined {
  if (!layer.supportsMasking) return undefined;
  const mask = layer.computeMask(inputs, masks.map((each) => each ?? null) as Tensor[]) as
    Tensor | Tensor[] | null;
  return (Array.isArray(mask) ? mask[0] : mask) ?? undefined;
}
