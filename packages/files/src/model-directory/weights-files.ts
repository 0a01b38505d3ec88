/** The names of the weight files, as in tfjs: `weights.bin`, or `group1-shard1of3.bin` and so on. */
export function weightsFiles(count: number): string[] {
  if (count === 1) return ['weights.bin'];
  return Array.from(
    { length: count },
    (_, index) => `group1-shard${String(index + 1)}of${String(count)}.bin`,
  );
}

/** Whether a value is such a name, including names of later groups, which the tfjs converter writes. */
export function isWeightsFile(name: unknown): name is string {
  return typeof name === 'string' && /^(?:weights|group\d+-shard\d+of\d+)\.bin$/.test(name);
}
