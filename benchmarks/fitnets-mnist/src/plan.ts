/** One layer of a net: a convolution of maxout units with two linear pieces each, and an optional pooling. */
export interface LayerPlan {
  readonly units: number;
  /** Height and width of the kernels. */
  readonly kernel: number;
  /** Zeros on each side of the map, or as many as keep its size. */
  readonly padding: number | 'same';
  readonly pooling?: PoolingPlan;
}

/** Max pooling. */
export interface PoolingPlan {
  readonly size: number;
  readonly stride: number;
  /** `same` also pools the windows that reach over the edge of the map. */
  readonly padding: 'valid' | 'same';
}

/**
 * The shape of a net for MNIST: convolutional layers, then ten logits. Plain data, so that it can be sent to
 * another process.
 */
export type Plan = readonly LayerPlan[];
