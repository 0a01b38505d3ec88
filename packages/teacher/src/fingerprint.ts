import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { namedWeights } from '@kd/core';

/** SHA-256 of a model's architecture and weights, as hexadecimal. Reads every weight once. */
export async function fingerprintOfModel(model: LayersModel): Promise<string> {
  const hash = sha256.create().update(utf8ToBytes(JSON.stringify(model.getConfig())));
  for (const { name, variable } of namedWeights(model)) {
    const values = await variable.data();
    hash.update(utf8ToBytes(`${name}[${variable.shape.join()}]`));
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return bytesToHex(hash.digest());
}

/** SHA-256 of texts, as hexadecimal. */
export function fingerprintOfTexts(texts: readonly string[]): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(texts))));
}
