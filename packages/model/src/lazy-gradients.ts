import { add, reshape, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from './model-graph.js';
import { runFused } from './run-fused.js';
import type { Change } from './with-changed.js';

interface Weight {
  read(): Tensor;
}
type Call = (inputs: Tensor | Tensor[], kwargs: object) => Tensor | Tensor[];

interface LinearLayer {
  readonly activation: Activation;
  readonly kernel: Weight;
  readonly bias: Weight | null;
  readonly call: Call;
  invokeCallHook(inputs: Tensor | Tensor[], kwargs: object): void;
}
interface Convolution extends LinearLayer {
  readonly strides: number[];
  readonly padding: string;
  readonly dataFormat: string;
  readonly dilationRate: number[];
}

/**
 * What to change while a dense layer or a 2D convolution is applied: it computes the same numbers by the same
 * kernel, but the tape computes only the gradients that somebody needs; see `runFused`.
 *
 * Other layers need no change, because tfjs-layers composes them of operations that the tape knows. (Only
 * recurrent cells use a fused product too.)
 */
export function lazyGradients(part: object): Change[] {
  const linear = linearPartOf(part);
  if (linear === undefined) return [];
  const layer = part as LinearLayer;
  const { activation, call: stock } = layer;
  const call: Call = (inputs, kwargs) => {
    const [input] = [inputs].flat();
    // tfjs casts integers.
    if (input?.dtype !== 'float32') return stock.call(layer, inputs, kwargs);
    layer.invokeCallHook(inputs, kwargs);
    return tidy(() => activation.apply(linear(input)));
  };
  return [{ target: part, values: { call } }];
}

/** The function of a layer without its activation; undefined where the layer stays as it is. */
function linearPartOf(part: object): ((x: Tensor) => Tensor) | undefined {
  // Not a subclass, nor a layer with another `call`: what they compute is not known.
  if (!Object.hasOwn(part.constructor, 'className') || Object.hasOwn(part, 'call')) return undefined;
  const { className } = part.constructor as { readonly className?: unknown };
  if (className !== 'Dense' && className !== 'Conv2D') return undefined;
  const layer = part as LinearLayer;
  // Under the tape, tfjs applies these after operations that are not fused; off the tape, in the kernel.
  if (['relu', 'elu'].includes(layer.activation.getClassName())) return undefined;
  if (className === 'Dense') return (x) => dense(layer, x);
  const convolution = layer as Convolution;
  const { dataFormat, padding } = convolution;
  const isOther = dataFormat !== 'channelsLast' || padding === 'causal';
  return isOther ? undefined : (x) => convolve(convolution, x);
}

function dense({ kernel: weight, bias, activation }: LinearLayer, x: Tensor): Tensor {
  const kernel = weight.read();
  const [size, units] = kernel.shape as [number, number];
  const a = reshape(x, [1, -1, size]);
  const b = reshape(kernel, [1, size, units]);
  const attrs = { transposeA: false, transposeB: false };
  // tfjs-layers adds the bias in the kernel only if no other activation follows. The last bit depends on it.
  const addsLater = bias !== null && activation.getClassName() !== 'linear';
  const product = runFused('_FusedMatMul', { a, b, ...readBias(addsLater ? null : bias) }, attrs);
  const shaped = reshape(product, [...x.shape.slice(0, -1), units]);
  return addsLater ? add(shaped, bias.read()) : shaped;
}

function convolve({ kernel, bias, strides, padding: pad, dilationRate }: Convolution, x: Tensor): Tensor {
  const attrs = { strides, pad, dataFormat: 'NHWC', dilations: dilationRate };
  return runFused('FusedConv2D', { x, filter: kernel.read(), ...readBias(bias) }, attrs);
}

function readBias(bias: Weight | null): { bias?: Tensor } {
  return bias === null ? {} : { bias: bias.read() };
}
