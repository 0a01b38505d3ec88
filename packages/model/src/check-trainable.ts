import { addN, dispose, getBackend, sum, tidy, variable, variableGrads, zeros } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { KdError } from '@kd/core';
import { applyLayer } from './apply-layer.js';
import type { ApplyContext } from './apply-layer.js';
import { checkBuilt } from './check-built.js';
import { frozenLayers } from './frozen-layers.js';
import type { Layer } from './model-graph.js';
import { runContainer } from './run-container.js';

/**
 * Throws, before any training, if the current backend cannot train a model; the error names the layer and the
 * missing kernel.
 *
 * Runs each layer once, on one example of zeros, and computes the gradients that training needs. It changes
 * nothing, neither weights nor moving statistics. Sizes that the model leaves open count as 32, or as 8 or 1
 * if a layer takes no more. Failures for other reasons are not reported; training will report them.
 *
 * @param where the function that checks, for the message
 * @param model a built tfjs-layers model
 * @throws `KD_KERNEL_MISSING` if the backend lacks a kernel; `KD_GRADIENT_UNAVAILABLE` if tfjs has no
 *   gradient for an operation of the layer, on any backend
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { KdError } from '@kd/core';
 * import { checkTrainable } from '@kd/model';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const student = sequential({
 *   layers: [
 *     layers.dense({ units: 2, inputShape: [3] }),
 *     layers.thresholdedReLU({ name: 'threshold', theta: 1 }),
 *   ],
 * });
 * try {
 *   checkTrainable('example', student);
 * } catch (error) {
 *   if (KdError.isInstance(error)) console.log(error.code, error.argument);
 *   // KD_GRADIENT_UNAVAILABLE the layer "threshold"
 * }
 * ```
 */
export function checkTrainable(where: string, model: LayersModel): void {
  checkBuilt(where, 'model', model);
  const frozen = frozenLayers(model);
  // Only values that depend on a trained weight have a gradient.
  const traced = new WeakSet<Tensor>();
  const apply = (layer: Layer, inputs: Tensor[], context: ApplyContext): Tensor[] => {
    const weights = frozen.has(layer)
      ? []
      : layer.trainableWeights.map((weight) => weight.read() as Variable);
    const outputs = tried(where, layer, () => applyLayer(layer, inputs, context));
    if (weights.length === 0 && !inputs.some((input) => traced.has(input))) return outputs;
    tried(where, layer, () => {
      const own = inputs.map((input) => (traced.has(input) ? variable(input) : input));
      const variables = [
        ...weights,
        ...own.filter((input, index): input is Variable => input !== inputs[index]),
      ];
      try {
        variableGrads(() => total(applyLayer(layer, own, context)), variables);
      } finally {
        dispose(own.filter((input, index) => input !== inputs[index]));
      }
    });
    for (const output of outputs) if (output.dtype === 'float32') traced.add(output);
    return outputs;
  };
  const runAt = (size: number): void => {
    const inputs = model.inputs.map(({ shape, dtype }) =>
      zeros(
        shape.map((given, axis) => given ?? (axis === 0 ? 1 : size)),
        dtype,
      ),
    );
    const nothing = { wanted: new Set<string>(), tapped: new Map<string, Tensor>(), tapsOnly: false };
    runContainer(
      model,
      inputs,
      '',
      { ...nothing, training: false, place: 0, apply, frozen, applied: 0 },
      undefined,
    );
  };
  for (const size of [32, 8, 1]) {
    try {
      tidy(() => {
        runAt(size);
      });
      return;
    } catch (error) {
      if (KdError.isInstance(error) && verdicts.includes(error.code)) throw error;
    }
  }
}

const verdicts: readonly string[] = ['KD_KERNEL_MISSING', 'KD_GRADIENT_UNAVAILABLE'];

function total(outputs: readonly Tensor[]): Scalar {
  return addN(outputs.filter(({ dtype }) => dtype === 'float32').map((output) => sum(output)));
}

/** Runs `body`, and rethrows errors about a missing kernel or gradient with the name of the layer. */
function tried<T>(where: string, layer: Layer, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : '';
    const kernel = /Kernel '(\w+)' not registered/.exec(message)?.[1];
    const argument = `the layer ${JSON.stringify(layer.name)}`;
    if (kernel !== undefined) {
      throw new KdError({
        code: 'KD_KERNEL_MISSING',
        where,
        argument,
        expected: `trainable on the backend ${JSON.stringify(getBackend())}`,
        received: `a layer that needs the kernel ${kernel}, which this backend lacks`,
        remedy:
          'Call registerTrainingKernels() or selectBackend() of @kd/backend first, or choose another backend.',
        cause,
      });
    }
    if (/gradient function not found for|not yet supported/.test(message)) {
      throw new KdError({
        code: 'KD_GRADIENT_UNAVAILABLE',
        where,
        argument,
        expected: 'a layer that tfjs can differentiate',
        received: message.split('\n', 1).join(''),
        remedy: 'Freeze the layers before it, or use another layer.',
        cause,
      });
    }
    throw cause;
  }
}
