import {
  div,
  engine,
  mean as meanOf,
  mul,
  rsqrt,
  add,
  scalar,
  sub,
  sum,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { GradConfig, KernelConfig, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { backendName, runOp } from './run-op.js';
import type { Gradients, OpAttribute, TensorflowBackend } from './run-op.js';

const kernelName = 'NormalizationInTraining';

const attributesOf = (binding: TensorflowBackend['binding'], { epsilon }: NamedAttrMap): OpAttribute[] => [
  ...['T', 'U'].map((name) => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT })),
  { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon as number },
  { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
  { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
];

/**
 * Batch normalisation by the statistics of the batch (Ioffe, Szegedy 2015), `γ (x - μ) / sqrt(σ² + ε) + β`.
 * Inputs: `x`, `[B, H, W, C]`, `scale` γ and `offset` β, `[C]`. Outputs: the result, μ and σ², the mean of
 * the squared deviations, and three more for the gradient.
 *
 * tfjs composes it of five operations that read all numbers, and its gradient of eight.
 */
export const normalizationKernel: KernelConfig = {
  kernelName,
  backendName,
  kernelFunc: ({ inputs, backend, attrs }) => {
    const native = backend as TensorflowBackend;
    const { x, scale, offset } = inputs as Record<'x' | 'scale' | 'offset', TensorInfo>;
    const rows = x.shape.slice(0, -1).reduce((a, b) => a * b, 1);
    return tidy(() => {
      const none = tensor1d([], 'float32');
      const given = [x, scale, offset, none, none];
      const attributes = attributesOf(native.binding, attrs ?? {});
      const [y, mean, unbiased, ...forGradient] = native.executeMultipleOutputs(
        'FusedBatchNormV3',
        attributes,
        given,
        6,
      ) as [Tensor, Tensor, Tensor, ...Tensor[]];
      // TensorFlow returns the estimate for the population, which divides by n - 1.
      return [y, mean, mul(unbiased, scalar(Math.max(rows - 1, 1) / rows)), ...forGradient];
    });
  },
};

/** The gradient of `normalizationKernel` with respect to the input, the scale and the offset. */
export const normalizationGradientKernel: KernelConfig = {
  kernelName: `${kernelName}Grad`,
  backendName,
  kernelFunc: ({ inputs, backend, attrs }) => {
    const native = backend as TensorflowBackend;
    const names = ['dy', 'x', 'scale', 'mean', 'variance', 'rest'];
    return native.executeMultipleOutputs(
      'FusedBatchNormGradV3',
      attributesOf(native.binding, attrs ?? {}),
      names.map((name) => inputs[name] as TensorInfo),
      5,
    );
  },
};

/** The gradient of `normalizationKernel` for the tape. */
export const normalizationGradient: GradConfig = {
  kernelName,
  inputsToSave: ['x', 'scale'],
  outputsToSave: [false, false, false, true, true, true],
  gradFunc: (gradients, saved, attrs) => {
    const [dy] = gradients as Tensor[] as [Tensor];
    const [x, scale, mean, variance, rest] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
    // If the tape is recording, somebody needs the gradient of this gradient, which the operation lacks.
    if (engine().isTapeOn()) return composed(dy, x, scale, attrs['epsilon'] as number);
    const [byX, byScale, byOffset] = runOp(
      `${kernelName}Grad`,
      { dy, x, scale, mean, variance, rest },
      attrs,
    ) as [Tensor, Tensor, Tensor];
    return { x: () => byX, scale: () => byScale, offset: () => byOffset };
  },
};

function composed(dy: Tensor, x: Tensor, scale: Tensor, epsilon: number): Gradients {
  const axes = [...x.shape.keys()].slice(0, -1);
  const centred = sub(x, meanOf(x, axes));
  const r = rsqrt(add(meanOf(mul(centred, centred), axes), epsilon));
  const normalised = mul(centred, r);
  const [byScale, byOffset] = [sum(mul(dy, normalised), axes), sum(dy, axes)];
  const rows = x.size / scale.size;
  const shared = div(add(byOffset, mul(normalised, byScale)), rows);
  return {
    x: () => mul(mul(scale, r), sub(dy, shared)),
    scale: () => byScale,
    offset: () => byOffset,
  };
}
