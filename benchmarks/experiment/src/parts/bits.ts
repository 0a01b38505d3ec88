/** Row numbers as a set of bits in base64, one bit for each of `size` rows: short enough for each result. */
export function asBits(rows: Iterable<number>, size: number): string {
  const bytes = new Uint8Array(Math.ceil(size / 8));
  for (const row of rows) bytes[row >> 3] = (bytes[row >> 3] ?? 0) | (1 << (row & 7));
  return Buffer.from(bytes).toString('base64');
}

/** The row numbers of a set, in ascending order. */
export function rowsOf(bits: string): number[] {
  const bytes = Buffer.from(bits, 'base64');
  return Array.from({ length: 8 * bytes.length }, (_, row) => row).filter(
    (row) => (((bytes[row >> 3] ?? 0) >> (row & 7)) & 1) === 1,
  );
}

/** How many rows a set has. */
export function countOf(bits: string): number {
  return rowsOf(bits).length;
}
