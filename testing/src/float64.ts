// Definitions in float64 for one row, as references for the packages' float32.

/** `log softmax(z / T)`. */
export function logSoftmax(z: readonly number[], temperature = 1): number[] {
  const largest = Math.max(...z);
  const shifted = z.map((logit) => (logit - largest) / temperature);
  const [, ...others] = [...shifted].sort((a, b) => b - a);
  const logSum = Math.log1p(others.reduce((sum, logit) => sum + Math.exp(logit), 0));
  return shifted.map((logit) => logit - logSum);
}

/** `softmax(z / T)`. */
export function softmax(z: readonly number[], temperature = 1): number[] {
  return logSoftmax(z, temperature).map(Math.exp);
}

/** Feature maps of one example, `[H][W][C]`. */
type Features = readonly (readonly (readonly number[])[])[];

/** Which of `from` rows cell `cell` of `to` takes the mean of. */
function cellOf(cell: number, from: number, to: number): [start: number, end: number] {
  return [Math.floor((cell * from) / to), Math.ceil(((cell + 1) * from) / to)];
}

/** Adaptive average pooling, by the definition. */
export function adaptivePool(features: Features, height: number, width: number): number[][][] {
  const [fullHeight, fullWidth] = [features.length, features[0]?.length ?? 0];
  const channels = features[0]?.[0]?.length ?? 0;
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (__, column) => {
      const positions = features
        .slice(...cellOf(row, fullHeight, height))
        .flatMap((line) => line.slice(...cellOf(column, fullWidth, width)));
      return Array.from(
        { length: channels },
        (___, channel) => positions.reduce((sum, f) => sum + (f[channel] ?? NaN), 0) / positions.length,
      );
    }),
  );
}
