import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Draws } from './draws/draws.js';
import { seededLayers } from './draws/seeded-layers.js';
import { fullNormalization } from './full-normalization.js';
import { lazyGradients } from './lazy-gradients.js';
import type { Activation, Layer } from './model-graph.js';
import { nameIdFault } from './name-id-fault.js';
import { normalizationInOneKernel } from './normalization-in-one-kernel.js';
import { withChanged } from './with-changed.js';

/** How a layer is applied. */
export interface ApplyContext {
  readonly training: boolean;
  /** The layer's random numbers in this forward pass; if undefined, the layer draws as usual. */
  readonly draws: Draws | undefined;
  readonly mask: Tensor | undefined;
}

/** A layer and the layers inside it that tfjs runs itself: in wrappers, and the cells of recurrent layers. */
function partsOf(layer: object, found = new Set<object>()): ReadonlySet<object> {
  if (found.has(layer)) return found;
  found.add(layer);
  const {
    layer: wrapped,
    layers,
    forwardLayer,
    backwardLayer,
    cell,
    cells,
  } = layer as Record<string, unknown>;
  for (const part of [wrapped, layers, forwardLayer, backwardLayer, cell, cells].flat()) {
    if (typeof part === 'object' && part !== null) partsOf(part, found);
  }
  return found;
}

// tfjs keeps the dropout masks of a recurrent cell after its application: they leak, and a plain `rnn` reuses
// one mask for ever.
function forgetDropoutMasks(parts: ReadonlySet<object>): void {
  for (const part of parts) {
    if (!('dropoutMask' in part && 'recurrentDropoutMask' in part)) continue;
    dispose([part.dropoutMask, part.recurrentDropoutMask] as Tensor[]);
    part.dropoutMask = part.recurrentDropoutMask = null;
  }
}

/** Applies one layer to its inputs, passed as `[...]` like tfjs's own executor does. */
export function applyLayer(
  layer: Layer,
  inputs: Tensor[],
  { training, draws, mask }: ApplyContext,
): Tensor[] {
  const parts = partsOf(layer);
  const changes = [
    ...(training && draws !== undefined ? seededLayers(parts, draws) : []),
    ...[...parts].flatMap((part) => fullNormalization(part, part === layer ? inputs[0]?.shape : undefined)),
    ...[...parts].flatMap(lazyGradients),
    ...(training ? [...parts].flatMap(normalizationInOneKernel) : []),
  ];
  const kwargs = mask === undefined ? { training } : { training, mask };
  forgetDropoutMasks(parts);
  try {
    const outputs = withChanged(changes, () => layer.apply(inputs, kwargs)) as Tensor | Tensor[];
    return Array.isArray(outputs) ? outputs : [outputs];
  } catch (error) {
    throw nameIdFault(layer, error);
  } finally {
    forgetDropoutMasks(parts);
  }
}

/** Applies a layer that ends in an activation, and also returns the value before that activation. */
export function applyWithPreActivation(
  layer: Layer,
  activation: Activation,
  inputs: Tensor[],
  context: ApplyContext,
): { outputs: Tensor[]; preActivation: Tensor } {
  const linear: Activation = { apply: (x) => x, getClassName: () => 'linear' };
  const change = [{ target: layer, values: { activation: linear } }];
  const [preActivation] = withChanged(change, () => applyLayer(layer, inputs, context)) as [Tensor];
  return { outputs: [activation.apply(preActivation)], preActivation };
}
