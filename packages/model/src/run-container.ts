import { cast } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { subSeed } from '@kd/core';
import type { Seed } from '@kd/core';
import type { applyLayer } from './apply-layer.js';
import { applyWithPreActivation } from './apply-layer.js';
import { drawsAt } from './draws/draws.js';
import { activationOf, applicationsOf, isContainer } from './model-graph.js';
import type { Layer } from './model-graph.js';
import type { ResolvedTap } from './resolve-tap.js';

interface Value {
  readonly tensor: Tensor;
  readonly mask: Tensor | undefined;
}
type Values = Map<SymbolicTensor, Value>;

/** The state that all containers and layers of one forward pass share. */
export interface Pass {
  readonly training: boolean;
  /** If undefined, layers draw as usual. */
  readonly seed?: Seed;
  /** The place of this run among those with the same seed. */
  readonly place: number;
  /**
   * The function that applies each layer; pass another than `applyLayer` to observe layers and their inputs.
   */
  readonly apply: typeof applyLayer;
  readonly frozen: ReadonlySet<Layer>;
  readonly wanted: ReadonlySet<string>;
  readonly tapped: Map<string, Tensor>;
  /** Whether to stop as soon as all taps are computed. */
  readonly tapsOnly: boolean;
  /** Number of layers applied so far. */
  applied: number;
}

/** The key under which a tapped value is kept. */
export function tapKey(tap: Pick<ResolvedTap, 'key' | 'at'>): string {
  return `${tap.key}@${tap.at}`;
}

/** Runs the layers of a container one by one, including nested containers, and returns its outputs. */
export function runContainer(
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
  // tfjs's executor passes the last mask that it met on to all later layers, including those of nested
  // models; the outputs of a nested model have no masks.
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
    if (pass.tapsOnly && pass.tapped.size === pass.wanted.size) return [];
    // Without a backward pass, values are freed early, so that a deep model need not fit into memory as a
    // whole.
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
  // Two values can be the same tensor: the output and state of a recurrent layer, or an input that a model
  // passes through.
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
  // Not by name: automatic names count all layers made in the process.
  const place = subSeed(0, pass.place, pass.applied++);
  const draws = pass.seed === undefined ? undefined : drawsAt(pass.seed, place);
  // `trainable = false` alone does not stop batch normalisation from updating its moving statistics.
  const context = { training: pass.training && !pass.frozen.has(layer), draws, mask };
  const preActivation = { key, at: 'preActivation' } as const;
  const activation = pass.wanted.has(tapKey(preActivation)) ? activationOf(layer) : undefined;
  let outputs: Tensor[];
  if (activation !== undefined) {
    const applied = applyWithPreActivation(layer, activation, inputs, context);
    keepTapped(preActivation, applied.preActivation, pass);
    outputs = applied.outputs;
  } else {
    outputs = pass.apply(layer, inputs, context);
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
