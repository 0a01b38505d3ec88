const size = 8;

/** Images of a bright line in noise, as data of @kd/trainer: class 0 is a row, 1 a column, 2 a diagonal. */
export function images(count, seed) {
  const random = randomNumbers(seed);
  const values = Float32Array.from({ length: count * size * size }, () => random() * 0.5);
  const labels = Int32Array.from({ length: count }, (_, image) => image % 3);
  labels.forEach((label, image) => {
    const at = Math.floor(random() * size);
    for (let i = 0; i < size; i++) {
      const row = label === 0 ? at : i;
      const column = label === 0 ? i : label === 1 ? at : (at + i) % size;
      values[(image * size + row) * size + column] += 0.7;
    }
  });
  return { inputs: { values, shape: [count, size, size, 1] }, labels };
}

/** Numbers in [0, 1) determined by the seed (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
