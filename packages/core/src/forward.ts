import { cast } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { applyLayer, applyWithPreActivation } from './apply-layer.js';
import { frozenLayers } from './frozen-layers.js';
import { KdError } from './kd-error.js';
import { activationOf, applicationsOf, isContainer } from './model-graph.js';
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
// A type alias, because `tf.tidy` takes no interface for a container of tensors.
export type ForwardResult = {
  readonly outputs: Tensor[];
  readonly taps: Tensor[];
};

interface Value {
  readonly tensor: Tensor;
  readonly mask: Tensor | undefined;
}
type Values = Map<SymbolicTensor, Value>;

interface Pass extends ForwardOptions {
  readonly frozen: ReadonlySet<Layer>;
  readonly wanted: ReadonlySet<string>;
  readonly tapped: Map<string, Tensor>;
  /** How many layers have been applied. */
  applied: number;
}

/**
 * Runs a model once and gives its outputs and any values inside it, of nested and shared layers too.
 *
 * It walks the model's own graph, so that no layer is added, changed or disposed, and computes what `model.predict` and
 * `model.apply` compute. Call it inside `tf.tidy` or under the tape. The tensors may be those of the inputs, where a model
 * passes an input through, and one tensor may be given twice, as an output and as a tap.
 *
 * @param inputs one tensor for each input of the model, in its order
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { forward, resolveTap } from '@kd/core';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 *
 * const model = sequential({
 *   layers: [
 *     layers.dense({ name: 'hidden', units: 2, activation: 'relu', kernelInitializer: 'identity', inputShape: [2] }),
 *     layers.dense({ name: 'logits', units: 1, kernelInitializer: 'ones' }),
 *   ],
 * });
 * const tap = resolveTap('example', model, { layer: 'hidden', at: 'preActivation' });
 * const { outputs, taps } = forward(model, [tf.tensor2d([[3, -1]])], { training: false, taps: [tap] });
 * console.log(await taps[0]?.array(), await outputs[0]?.array());
 * // [ [ 3, -1 ] ] [ [ 3 ] ]
 * ```
 */
export function forward(
  model: LayersModel,
  inputs: readonly Tensor[],
  options: ForwardOptions,
): ForwardResult {
  checkInputs(model, inputs);
  const { taps = [] } = options;
  const tapped = new Map<string, Tensor>();
  const wanted = new Set(taps.map(tapKey));
  const pass: Pass = { ...options, frozen: frozenLayers(model), wanted, tapped, applied: 0 };
  const outputs = runContainer(model, inputs, '', pass, undefined);
  return { outputs, taps: taps.map((tap) => tapped.get(tapKey(tap)) ?? notInModel(model, tap)) };
}

function checkInputs(model: LayersModel, inputs: readonly Tensor[]): void {
  if (inputs.length === model.inputs.length) return;
  throw new KdError({
    code: 'KD_INPUT_MISSING',
    where: 'forward',
    argument: 'inputs',
    expected: `${String(model.inputs.length)} tensors for the model ${JSON.stringify(model.name)}`,
    received: String(inputs.length),
    remedy: 'Pass one tensor for each input, in the order of model.inputs.',
  });
}

function notInModel(model: LayersModel, tap: ResolvedTap): never {
  throw new KdError({
    code: 'KD_TAP_UNKNOWN',
    where: 'forward',
    argument: 'options.taps',
    expected: `of the model ${JSON.stringify(model.name)}`,
    received: JSON.stringify(tapKey(tap)),
    remedy: 'Resolve the tap in the model that is run.',
  });
}

function tapKey(tap: Pick<ResolvedTap, 'key' | 'at'>): string {
  return `${tap.key}@${tap.at}`;
}

function runContainer(
  container: LayersModel,
  inputs: readonly Tensor[],
  prefix: string,
  pass: Pass,
  outerMask: Tensor | undefined,
): Tensor[] {
  const values: Values = new Map();
  const valueOf = (symbolic: SymbolicTensor): Value => values.get(symbolic) as Value;
  container.inputs.forEach((symbolic, index) => {
    values.set(symbolic, unmasked(castTo(symbolic, inputs[index] as Tensor)));
  });
  // tfjs's executor hands the last mask that it met on to all layers after it, those of nested models included; the outputs of
  // a nested model have no masks.
  let mask = outerMask;
  for (const { layer, key: name, inputs, outputs, done } of applicationsOf(container)) {
    const given = inputs.map(valueOf);
    const key = prefix + name;
    if (given.some((value) => value.mask !== undefined)) mask = given[0]?.mask;
    const tensors = given.map(({ tensor }) => tensor);
    const results = isContainer(layer)
      ? runContainer(layer, tensors, `${key}/`, pass, mask).map(unmasked)
      : runLayer(layer, given, key, pass, mask);
    outputs.forEach((symbolic, index) => values.set(symbolic, results[index] as Value));
    keepTapped({ key, at: 'output' }, results[0]?.tensor, pass);
    // A deep model need not fit into memory as a whole, unless the backward pass wants all of it.
    if (!pass.training) for (const symbolic of done) free(symbolic, values, pass.tapped);
  }
  return container.outputs.map((symbolic) => valueOf(symbolic).tensor);
}

function unmasked(tensor: Tensor): Value {
  return { tensor, mask: undefined };
}

function castTo({ dtype }: SymbolicTensor, tensor: Tensor): Tensor {
  return tensor.dtype === dtype ? tensor : cast(tensor, dtype);
}

function keepTapped(tap: Pick<ResolvedTap, 'key' | 'at'>, tensor: Tensor | undefined, pass: Pass): void {
  const key = tapKey(tap);
  if (tensor !== undefined && pass.wanted.has(key)) pass.tapped.set(key, tensor);
}

function free(symbolic: SymbolicTensor, values: Values, tapped: ReadonlyMap<string, Tensor>): void {
  const { tensor } = values.get(symbolic) as Value;
  values.delete(symbolic);
  // Two values can be one tensor: the output and the state of a recurrent layer, or what a model passes through.
  const held = [...Array.from(values.values(), (value) => value.tensor), ...tapped.values()];
  if (!held.includes(tensor)) tensor.dispose();
}

function runLayer(
  layer: Layer,
  given: readonly Value[],
  key: string,
  pass: Pass,
  mask: Tensor | undefined,
): Value[] {
  const inputs = given.map(({ tensor }) => tensor);
  // Not by name: automatic names count the layers that a process has made.
  const place = pass.applied++;
  const seed = pass.seed === undefined ? undefined : subSeed(pass.seed, place);
  // `trainable = false` alone does not stop the moving statistics of batch normalisation.
  const context = { training: pass.training && !pass.frozen.has(layer), seed, mask };
  const preActivation = { key, at: 'preActivation' } as const;
  const activation = pass.wanted.has(tapKey(preActivation)) ? activationOf(layer) : undefined;
  let outputs: Tensor[];
  if (activation !== undefined) {
    const applied = applyWithPreActivation(layer, activation, inputs, context);
    keepTapped(preActivation, applied.preActivation, pass);
    outputs = applied.outputs;
  } else {
    outputs = applyLayer(layer, inputs, context);
  }
  const maskOfOutputs = maskAfter(layer, given);
  return outputs.map((tensor) => ({ tensor, mask: maskOfOutputs }));
}

function maskAfter(layer: Layer, given: readonly Value[]): Tensor | undefined {
  if (!layer.supportsMasking) return undefined;
  const inputs = given.map(({ tensor }) => tensor);
  const masks = given.map(({ mask }) => mask ?? null) as Tensor[];
  const mask = layer.computeMask(inputs, masks) as Tensor | Tensor[] | null;
  return (Array.isArray(mask) ? mask[0] : mask) ?? undefined;
}
