import { initializers } from '@tensorflow/tfjs-layers';

/** What tfjs-layers draws the first values of a weight with. */
export type Initializer = ReturnType<typeof initializers.zeros>;

/** The numbers of values that a value depends on, and that depend on it. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** How a weight starts. */
export type Start = (fans: Fans, seed: number) => Initializer;

/**
 * Normal with variance `2 / fanOut` (He et al. 2015), where RepDistiller initialises kernels itself. Not
 * `heNormal` of tfjs, which takes the fan-in and cuts off what is beyond two deviations.
 */
export const heFanOut: Start = ({ fanOut }, seed) =>
  initializers.randomNormal({ mean: 0, stddev: Math.sqrt(2 / fanOut), seed });

/** Uniform within `1 / sqrt(fanIn)`: where a net sets nothing, PyTorch starts kernels and biases so. */
export const uniformFanIn: Start = ({ fanIn }, seed) => {
  const most = 1 / Math.sqrt(fanIn);
  return initializers.randomUniform({ minval: -most, maxval: most, seed });
};

/** Normal with deviation 0.01. */
export const smallNormal: Start = (_, seed) => initializers.randomNormal({ mean: 0, stddev: 0.01, seed });

/** Zeros. */
export const zeros: Start = () => initializers.zeros();
