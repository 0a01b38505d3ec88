import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

// The format of https://github.com/huggingface/safetensors: a length, a JSON header, the numbers. Python,
// Rust and others read it.
const dtypes = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const;
type Dtype = keyof typeof dtypes;

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
export function decodeSafetensors(file: Uint8Array): Record<string, Tensor> {
  const length = Number(new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<
    string,
    HeaderEntry
  >;
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return Object.fromEntries(
    entries.map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [start, end],
        },
      ]) => {
        // A copy, aligned for typed arrays. `slice` of a Buffer would not copy.
        const bytes = Uint8Array.from(file.subarray(8 + length + start, 8 + length + end));
        return [name, tensor(valuesOf(dtype, bytes), shape, dtypeOf(dtype))];
      },
    ),
  );
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function dtypeOf(name: string): Dtype {
  const found = (Object.keys(dtypes) as Dtype[]).find((dtype) => dtypes[dtype] === name);
  if (found === undefined)
    throw new Error(`The dtype ${name} is not one of ${Object.values(dtypes).join(', ')}.`);
  return found;
}

function valuesOf(dtype: string, { buffer }: Uint8Array): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'F32') return new Float32Array(buffer);
  return dtype === 'I32' ? new Int32Array(buffer) : new Uint8Array(buffer);
}
