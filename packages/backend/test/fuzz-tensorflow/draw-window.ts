type Pair = [number, number];

/** The arguments of an operation that moves a window over images. */
export interface Window {
  readonly batch: number;
  readonly image: Pair;
  readonly channels: number;
  readonly filters: number;
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly pad: 'same' | 'valid';
  /** Filters for each channel of a depthwise convolution. */
  readonly multiplier: number;
  /** Depth of a volume and of its window. */
  readonly depth: Pair;
}

/** Draws a window: mostly narrow, odd and unequal sizes, and every other one pointwise. */
export function drawWindow(random: () => number): Window {
  const whole = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  const oneOf = <T>(...values: readonly T[]): T => values[whole(0, values.length - 1)] as T;
  const side = (): number => oneOf(whole(1, 9), whole(1, 9), 2 * whole(4, 8), 4 * whole(3, 6));
  const isPointwise = random() < 0.5;
  const kernel: Pair = isPointwise ? [1, 1] : [whole(1, 4), whole(1, 4)];
  const deep = isPointwise ? 1 : whole(1, 3);
  return {
    batch: whole(1, 9),
    image: [Math.max(kernel[0], side()), Math.max(kernel[1], side())],
    channels: oneOf(whole(1, 9), whole(1, 9), whole(10, 20)),
    filters: oneOf(whole(1, 9), whole(10, 33)),
    kernel,
    strides: [whole(1, 4), whole(1, 4)],
    pad: oneOf<'same' | 'valid'>('same', 'valid'),
    multiplier: whole(1, 3),
    depth: [Math.max(deep, whole(1, 5)), deep],
  };
}
