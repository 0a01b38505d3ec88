import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describeShape, describeValue } from './describe-value.js';
import { KdError } from './kd-error.js';
import { applicationsOf, isContainer } from './model-graph.js';
import { describeTap } from './tap.js';
import type { Tap } from './tap.js';
import type { Shape } from './teacher.js';

/** A tap that was found in a model. */
export interface ResolvedTap {
  /** Key of the application of a layer, from the outermost model inwards. */
  readonly key: string;
  readonly at: 'output' | 'preActivation';
  readonly shape: Shape;
}

/** A place in a model that can be tapped. */
export interface TapCandidate {
  /** The layer's name, with the path of the models around it: `backbone/conv2d_2`. */
  readonly path: string;
  readonly key: string;
  readonly shape: Shape;
  /** Whether the layer has an activation of its own, whose input can be tapped. */
  readonly hasActivation: boolean;
}

/**
 * Everything in a model that can be tapped, in the order of computation.
 *
 * @example
 * ```ts
 * import { listTaps } from '@kd/core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({ name: 'hidden', units: 8, inputShape: [4] }),
 *     tf.layers.dense({ name: 'logits', units: 3 }),
 *   ],
 * });
 * console.log(listTaps(model).map((tap) => tap.path).join(' '));
 * // hidden logits
 * ```
 */
export function listTaps(model: LayersModel): TapCandidate[] {
  return candidatesIn(model, '', '');
}

function candidatesIn(container: LayersModel, pathPrefix: string, keyPrefix: string): TapCandidate[] {
  return applicationsOf(container).flatMap(({ layer, key, inputs, outputs }) => {
    const output = outputs[0];
    if (inputs.length === 0 || output === undefined) return [];
    const here: TapCandidate = {
      path: pathPrefix + layer.name,
      key: keyPrefix + key,
      shape: output.shape,
      hasActivation: Object.hasOwn(layer, 'activation') && !isContainer(layer),
    };
    return isContainer(layer) ? [...candidatesIn(layer, `${here.path}/`, `${here.key}/`), here] : [here];
  });
}

/** Finds a tap in a model; throws `KD_TAP_UNKNOWN`, `KD_TAP_AMBIGUOUS` or `KD_TAP_UNSUPPORTED`. */
export function resolveTap(where: string, model: LayersModel, tap: Tap): ResolvedTap {
  const { layer, node, at = 'output' } = typeof tap === 'string' ? { layer: tap } : tap;
  const candidates = listTaps(model);
  // Applications are numbered in the order in which the model's author made them, as tfjs's getOutputAt does.
  const found = candidates
    .filter(({ path }) => path === layer)
    .sort((a, b) => a.key.localeCompare(b.key, undefined, { numeric: true }));
  const argument = `tap ${JSON.stringify(describeTap(tap))}`;
  if (found.length === 0) {
    throw new KdError({
      code: 'KD_TAP_UNKNOWN',
      where,
      argument,
      expected: `a layer of ${JSON.stringify(model.name)}`,
      received: describeValue(layer),
      remedy: `Choose one of ${candidates.map(({ path, shape }) => `${path} ${describeShape(shape)}`).join(', ')}.`,
    });
  }
  const chosen = found[node ?? 0];
  if ((found.length > 1 && node === undefined) || chosen === undefined) {
    throw new KdError({
      code: 'KD_TAP_AMBIGUOUS',
      where,
      argument,
      expected: `given with a node from 0 to ${String(found.length - 1)}`,
      received: node === undefined ? 'no node' : String(node),
      remedy: `Write { layer: ${JSON.stringify(layer)}, node: 0 }, counted in the order in which the layer was applied.`,
    });
  }
  if (at === 'preActivation' && !chosen.hasActivation) {
    throw new KdError({
      code: 'KD_TAP_UNSUPPORTED',
      where,
      argument,
      expected: 'on a layer with an activation of its own',
      received: `the layer ${layer}`,
      remedy: 'Tap the output of this layer, or of the layer before it.',
    });
  }
  return { key: chosen.key, at, shape: chosen.shape };
}
