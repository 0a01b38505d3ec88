import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Damaged } from './damaged.js';
import { dtypes, readHeader } from './safetensors-header.js';
import type { Dtype } from './safetensors-header.js';

// The format of https://github.com/huggingface/safetensors: a length, a JSON header, the numbers. Python,
// Rust and others read it.

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: readonly [number, number];
}

/** Encodes named tensors as a safetensors file. */
export async function encodeSafetensors(tensors: Readonly<Record<string, Tensor>>): Promise<Uint8Array> {
  const header: Record<string, HeaderEntry> = {};
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const [name, value] of Object.entries(tensors)) {
    const bytes = bytesOf(await value.data<'float32'>());
    header[name] = {
      dtype: dtypes[value.dtype as Dtype],
      shape: value.shape,
      data_offsets: [size, size + bytes.length],
    };
    parts.push(bytes);
    size += bytes.length;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Numbers begin at a multiple of eight, so that readers can use them in place.
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(start + size).fill(0x20, 8, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(text, 8);
  let offset = start;
  for (const part of parts) {
    file.set(part, offset);
    offset += part.length;
  }
  return file;
}

/** Decodes a safetensors file into tensors by name, which the caller disposes. Throws if it is not one. */
export function decodeSafetensors(file: Uint8Array, damaged: Damaged): Record<string, Tensor> {
  const tensors = readHeader(file, damaged).map(({ name, dtype, shape, start, end }) => {
    // A copy, aligned for typed arrays. `slice` of a Buffer would not copy.
    const bytes = Uint8Array.from(file.subarray(start, end));
    return [name, tensor(valuesOf(dtype, bytes), shape, dtype)] as const;
  });
  return Object.fromEntries(tensors);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function valuesOf(dtype: Dtype, { buffer }: Uint8Array): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'float32') return new Float32Array(buffer);
  return dtype === 'int32' ? new Int32Array(buffer) : new Uint8Array(buffer);
}
