import { util } from '@tensorflow/tfjs-core';
import type { io } from '@tensorflow/tfjs-core';

const sizes: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/**
 * The number of bytes that weights take in their file; undefined for strings, whose length is only known from
 * their bytes.
 */
export function weightBytes(specs: readonly io.WeightsManifestEntry[]): number | undefined {
  let total = 0;
  for (const { shape, dtype, quantization } of specs) {
    const size = sizes[quantization?.dtype ?? dtype];
    if (size === undefined) return undefined;
    total += size * util.sizeFromShape(shape);
  }
  return total;
}
