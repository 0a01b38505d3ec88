import { clone, dropout } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Layer } from './model-graph.js';

/** How a layer is applied. */
export interface ApplyContext {
  readonly training: boolean;
  /** Seed of the layer's random numbers in this forward; undefined leaves the layer as it is. */
  readonly seed: number | undefined;
  readonly mask: Tensor | undefined;
}

type Changes = readonly { readonly target: object; readonly values: Readonly<Record<string, unknown>> }[];

/** Runs `body` with some fields of an object changed, and puts them back whatever happens. */
function withChanged<T>(changes: Changes, body: () => T): T {
  const before = changes.map(({ target, values }) => ({
    target,
    values: Object.fromEntries(Object.keys(values).map((key) => [key, Reflect.get(target, key) as unknown])),
  }));
  for (const { target, values } of changes) Object.assign(target, values);
  try {
    return body();
  } finally {
    for (const { target, values } of before) Object.assign(target, values);
  }
}

// tfjs's Dropout repeats one mask for ever when it has a seed and cannot be repeated when it has none; the dropout of
// recurrent cells has no seed at all. A seed for this one application gives both: new masks, repeatable.
function seeded(layer: Layer, seed: number): Changes {
  const { rate, cell } = layer as Layer & { rate?: unknown; cell?: object };
  if (typeof rate === 'number' && 'seed' in layer) return [{ target: layer, values: { seed } }];
  if (cell !== undefined && 'dropoutFunc' in cell) {
    let drawn = 0;
    const dropoutFunc = (x: Tensor, rate: number): Tensor => dropout(x, rate, undefined, seed + drawn++);
    return [{ target: cell, values: { dropoutFunc } }];
  }
  return [];
}

/** Applies one layer to its inputs, `[...]` as tfjs's own executor passes them. */
export function applyLayer(layer: Layer, inputs: Tensor[], { training, seed, mask }: ApplyContext): Tensor[] {
  // A frozen layer with weights must not update statistics: `trainable = false` alone does not stop batch normalisation.
  const learns = training && (layer.trainable || layer.weights.length === 0);
  const kwargs = mask === undefined ? { training: learns } : { training: learns, mask };
  const changes = learns && seed !== undefined ? seeded(layer, seed) : [];
  const outputs = withChanged(changes, () => layer.apply(inputs, kwargs)) as Tensor | Tensor[];
  return Array.isArray(outputs) ? outputs : [outputs];
}

interface Activation {
  apply(x: Tensor): Tensor;
  getClassName(): string;
}

/** Applies a layer with an activation of its own, and gives the value before that activation too. */
export function applyWithPreActivation(
  layer: Layer,
  inputs: Tensor[],
  context: ApplyContext,
): { outputs: Tensor[]; preActivation: Tensor } {
  const { activation } = layer as Layer & { activation: Activation | null };
  const linear: Activation = { apply: (x) => x, getClassName: () => 'linear' };
  const change = [{ target: layer, values: { activation: linear } }];
  const [preActivation] = withChanged(change, () => applyLayer(layer, inputs, context)) as [Tensor];
  return {
    outputs: [activation === null ? clone(preActivation) : activation.apply(preActivation)],
    preActivation,
  };
}
