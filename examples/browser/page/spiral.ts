/** Points of a spiral of three arms, in [-1, 1]², as data of `@kd/trainer`; their class is the arm. */
export interface Spiral {
  readonly inputs: { readonly values: Float32Array; readonly shape: readonly [number, 2] };
  readonly labels: Int32Array;
}

/** `count` points with noise, the same for the same seed; the arms take turns. */
export function spiral(count: number, seed: number): Spiral {
  const random = randomNumbers(seed);
  const labels = Int32Array.from({ length: count }, (_, point) => point % 3);
  const points = Array.from(labels, (arm) => {
    const radius = Math.sqrt(random());
    const angle = (arm * 2 * Math.PI) / 3 + 5 * radius + 0.25 * (random() + random() - 1);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return { inputs: { values: Float32Array.from(points.flat()), shape: [count, 2] }, labels };
}

/** The same points so many times over. */
export function repeated({ inputs, labels }: Spiral, times: number): Spiral {
  const count = labels.length * times;
  return {
    inputs: {
      values: Float32Array.from(
        { length: 2 * count },
        (_, index) => inputs.values[index % inputs.values.length] as number,
      ),
      shape: [count, 2],
    },
    labels: Int32Array.from({ length: count }, (_, point) => labels[point % labels.length] as number),
  };
}

/** Numbers in [0, 1) that follow from the seed: mulberry32. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
