import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { boolean, describeValue, finite, KdError, like, list, optionsOf, seedOption } from '@kd/core';
import type { Seed } from '@kd/core';
import { applyLayer } from './apply-layer.js';
import { checkModel } from './check-built.js';
import { checkInput } from './check-input.js';
import { frozenLayers } from './frozen-layers.js';
import type { ResolvedTap } from './resolve-tap.js';
import { runContainer, tapKey } from './run-container.js';
import type { Pass } from './run-container.js';

/** How to run a model. */
export interface ForwardOptions {
  /** The values to return besides the outputs. */
  readonly taps?: readonly ResolvedTap[];
  /**
   * False if only the taps are needed: the run stops after the last tap, and there are no outputs. Default
   * true.
   */
  readonly outputs?: boolean;
  /** Turns dropout on, and uses and updates batch statistics, except in frozen layers with weights. */
  readonly training: boolean;
  /**
   * Makes dropout repeatable: a number, or an int32 scalar if only the device knows it. Each layer draws
   * other numbers, by its place in the model.
   */
  readonly seed?: Seed;
  /** Which of several runs with this seed it is: each place draws other numbers. Default 0. */
  readonly place?: number;
}

/** Outputs of the model, and the tapped values in the requested order. */
// A type alias, because `tf.tidy` does not accept an interface as a container of tensors.
export type ForwardResult = {
  readonly outputs: Tensor[];
  readonly taps: Tensor[];
};

/**
 * Runs a model once and returns its outputs and any values inside it, including those in nested and shared
 * layers.
 *
 * It walks the model's own graph: it adds, changes and disposes no layer, and computes what `model.predict`
 * and `model.apply` compute. Call it inside `tf.tidy` or under the tape. If a model passes an input through,
 * the result contains that input tensor itself; an output and a tap may also be the same tensor.
 *
 * @param inputs one tensor per input of the model, in its order
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { forward, resolveTap } from '@kd/model';
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
  const settings = forwardOptions.read('forward', options);
  const { taps, outputs: wantsOutputs } = settings;
  const tapped = new Map<string, Tensor>();
  const wanted = new Set(taps.map(tapKey));
  const frozen = frozenLayers(model);
  const tapsOnly = !wantsOutputs;
  const pass: Pass = { ...settings, apply: applyLayer, frozen, wanted, tapped, tapsOnly, applied: 0 };
  const outputs = runContainer(model, inputs, '', pass, undefined);
  return {
    outputs: tapsOnly ? [] : outputs,
    taps: taps.map((tap) => tapped.get(tapKey(tap)) ?? notInModel(model, tap)),
  };
}

const resolvedTap = like(
  'a resolved tap',
  (tap): tap is ResolvedTap => typeof (Object(tap) as Partial<ResolvedTap>).key === 'string',
  'Resolve the tap first: resolveTap(where, model, tap).',
);
const forwardOptions = optionsOf<ForwardOptions>()({
  taps: list(resolvedTap).default([]),
  outputs: boolean.default(true),
  training: boolean,
  seed: seedOption.optional(),
  place: finite.default(0),
});

function checkInputs(model: LayersModel, inputs: readonly Tensor[]): void {
  checkModel('forward', 'model', model);
  if (Array.isArray(inputs) && inputs.length === model.inputs.length) {
    for (const [index, input] of inputs.entries())
      checkInput('forward', `inputs[${String(index)}]`, model, index, input);
    return;
  }
  throw new KdError({
    code: 'KD_INPUT_MISSING',
    where: 'forward',
    argument: 'inputs',
    expected: `${String(model.inputs.length)} tensors, one per input of the model ${JSON.stringify(model.name)}`,
    received: describeValue(inputs),
    remedy: 'Pass one tensor per input, in the order of model.inputs.',
  });
}

function notInModel(model: LayersModel, tap: ResolvedTap): never {
  throw new KdError({
    code: 'KD_TAP_UNKNOWN',
    where: 'forward',
    argument: 'options.taps',
    expected: `a tap of the model ${JSON.stringify(model.name)}`,
    received: JSON.stringify(tapKey(tap)),
    remedy: 'Resolve the tap in the model that you run.',
  });
}
