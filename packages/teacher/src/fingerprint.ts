import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { namedWeights } from '@kd/model';

/**
 * SHA-256 of a model's architecture and weights, in hexadecimal. Reads every weight once.
 *
 * Layer names do not count, because tfjs numbers layers in the order in which a process creates them.
 */
export async function fingerprintOfModel(model: LayersModel): Promise<string> {
  const hash = sha256.create().update(utf8ToBytes(architectureOf(model)));
  for (const [position, { variable }] of namedWeights(model).entries()) {
    const values = await variable.data();
    hash.update(utf8ToBytes(`${String(position)}[${variable.shape.join()}]`));
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return bytesToHex(hash.digest());
}

/** The configuration of a model with each layer's name replaced by the number of its first appearance. */
export function architectureOf(model: LayersModel): string {
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  };
  return JSON.stringify(model.getConfig(), (key, value: unknown) => {
    if (key === 'name' && typeof value === 'string') return numberOf(value);
    // The end of an edge: [layer, node, tensor].
    if (!Array.isArray(value) || typeof value[0] !== 'string' || typeof value[1] !== 'number') return value;
    return [numberOf(value[0]), ...(value.slice(1) as unknown[])];
  });
}

/** SHA-256 of a graph, its weights and the options, in hexadecimal. Reads every weight once. */
export async function fingerprintOfGraph(
  topology: object,
  weights: Readonly<Record<string, readonly Tensor[]>>,
  asked: readonly string[],
): Promise<string> {
  const hash = sha256.create().update(utf8ToBytes(JSON.stringify([topology, asked])));
  for (const name of Object.keys(weights).sort()) {
    for (const weight of weights[name] ?? []) {
      hash.update(utf8ToBytes(JSON.stringify([name, weight.dtype, weight.shape])));
      hash.update(bytesOf(await weight.data()));
    }
  }
  return bytesToHex(hash.digest());
}

/** The bytes of numbers, or of the strings of a string tensor. */
function bytesOf(values: unknown): Uint8Array {
  if (!ArrayBuffer.isView(values)) return utf8ToBytes(JSON.stringify(values));
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** SHA-256 of rows by id, regardless of their order, and of the options, in hexadecimal. */
export function fingerprintOfRows(
  rows: ReadonlyMap<string, Float32Array>,
  stated: readonly string[],
): string {
  const hash = sha256.create().update(utf8ToBytes(JSON.stringify(stated)));
  for (const id of [...rows.keys()].sort()) {
    hash.update(utf8ToBytes(JSON.stringify(id)));
    hash.update(bytesOf(rows.get(id)));
  }
  return bytesToHex(hash.digest());
}

/** SHA-256 of bytes, in hexadecimal. */
export function fingerprintOfBytes(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** SHA-256 of texts, in hexadecimal. */
export function fingerprintOfTexts(texts: readonly string[]): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(texts))));
}
