import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { namedWeights } from '@kd/core';

/**
 * SHA-256 of a model's architecture and weights, as hexadecimal. Reads every weight once.
 *
 * Names of layers do not count: tfjs numbers them in the order in which a process makes them.
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
function architectureOf(model: LayersModel): string {
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

/** SHA-256 of texts, as hexadecimal. */
export function fingerprintOfTexts(texts: readonly string[]): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(texts))));
}
