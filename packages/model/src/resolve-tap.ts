import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkTap, describeShape, describeTap, describeValue, KdError, nearestNames } from '@kd/core';
import type { Shape, Tap } from '@kd/core';
import { checkModel } from './check-built.js';
import { lastActivation } from './last-activation.js';
import { activationOf, applicationsOf, isContainer } from './model-graph.js';
import type { Layer } from './model-graph.js';

/** A tap, resolved in a model. */
export interface ResolvedTap {
  /** Key of the layer's application, from the outermost model inwards. */
  readonly key: string;
  readonly at: 'output' | 'preActivation';
  readonly shape: Shape;
  /** Name of the activation that produces the value, as tfjs writes it; undefined if it cannot be known. */
  readonly activation: string | undefined;
}

/** A place in a model that can be tapped. */
export interface TapCandidate {
  /** The layer's name, prefixed with the path of the models around it: `backbone/conv2d_2`. */
  readonly path: string;
  readonly key: string;
  readonly shape: Shape;
  /** Whether the layer has an activation of its own, so that its input can be tapped. */
  readonly hasActivation: boolean;
  /** Name of the activation that produces the output; undefined if it cannot be known. */
  readonly activation: string | undefined;
  /** Whether the layer multiplies by a matrix or filter that it learns, and so adds depth. */
  readonly hasKernel: boolean;
}

/**
 * Everything in a model that can be tapped, in the order of computation.
 *
 * @example
 * ```ts
 * import { listTaps } from '@kd/model';
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
  checkModel('listTaps', 'model', model);
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
      hasActivation: activationOf(layer) !== undefined,
      activation: activationNameOf(layer),
      hasKernel: layer.weights.some(({ shape }) => shape.length > 1),
    };
    return isContainer(layer) ? [...candidatesIn(layer, `${here.path}/`, `${here.key}/`), here] : [here];
  });
}

/**
 * Finds a tap in a model, for `forward`.
 *
 * Throws `KD_TAP_UNKNOWN` for a name that no layer has, `KD_TAP_AMBIGUOUS` for a layer that is applied
 * several times, and `KD_TAP_UNSUPPORTED` for a `preActivation` that the layer does not have.
 *
 * @param where the calling function, for the message
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { KdError } from '@kd/core';
 * import { resolveTap } from '@kd/model';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 *
 * const model = sequential({
 *   name: 'student',
 *   layers: [
 *     layers.dense({ name: 'hidden', units: 8, inputShape: [4] }),
 *     layers.dense({ name: 'logits', units: 3 }),
 *   ],
 * });
 * console.log(resolveTap('example', model, 'hidden').shape);
 * // [ null, 8 ]
 * try {
 *   resolveTap('example', model, 'hiden');
 * } catch (error) {
 *   if (KdError.isInstance(error)) console.log(`${error.code}: ${error.remedy}`);
 *   // KD_TAP_UNKNOWN: Did you mean "hidden"? Choose one of hidden [?,8], logits [?,3].
 * }
 * ```
 */
export function resolveTap(where: string, model: LayersModel, tap: Tap): ResolvedTap {
  checkModel(where, 'model', model);
  checkTap(where, 'a tap', tap);
  const { layer, node, at = 'output' } = typeof tap === 'string' ? { layer: tap } : tap;
  const candidates = listTaps(model);
  // Like tfjs's getOutputAt, number applications in the order in which the model's author made them.
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
      remedy: remedyFor(layer, candidates),
    });
  }
  const chosen = found[node ?? 0];
  if ((found.length > 1 && node === undefined) || chosen === undefined) {
    throw new KdError({
      code: 'KD_TAP_AMBIGUOUS',
      where,
      argument,
      expected: `given a node from 0 to ${String(found.length - 1)}`,
      received: node === undefined ? 'no node' : String(node),
      remedy: `Write { layer: ${JSON.stringify(layer)}, node: 0 }, counting the applications of the layer in order.`,
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
  const activation = at === 'preActivation' ? 'linear' : chosen.activation;
  return { key: chosen.key, at, shape: chosen.shape, activation };
}

/** Names the most similar layers, then all of them. */
function remedyFor(layer: string, candidates: readonly TapCandidate[]): string {
  const nearest = nearestNames(
    layer,
    candidates.map(({ path }) => path),
  );
  const known = new Set(candidates.map(({ path, shape }) => `${path} ${describeShape(shape)}`));
  return `${nearest === '' ? '' : `Did you mean ${nearest}? `}Choose one of ${[...known].join(', ')}.`;
}

function activationNameOf(layer: Layer): string | undefined {
  if (isContainer(layer)) return lastActivation(layer);
  const own = activationOf(layer)?.getClassName();
  if (own !== undefined) return own;
  return activationOfClass[layer.getClassName()];
}

/** Layers that are an activation under another name. */
const activationOfClass: Readonly<Record<string, string>> = { ReLU: 'relu', Softmax: 'softmax' };
