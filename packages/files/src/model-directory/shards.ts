/**
 * The most bytes in one file and in one buffer: 1 GiB.
 *
 * Node reads no file of 2 GiB or more at once, in tfjs-node too, and browsers have no buffers of that size.
 */
export const shardBytes: number = 2 ** 30;

/** Cuts bytes, in their order, into shards of `limit` bytes each; the last one may be smaller, and the only one empty. */
export function shardsOf(parts: readonly (ArrayBuffer | ArrayBufferView)[], limit: number): Uint8Array[][] {
  let last: Uint8Array[] = [];
  let room = limit;
  const shards = [last];
  for (const part of parts) {
    const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(part)
      ? part
      : { buffer: part, byteOffset: 0, byteLength: part.byteLength };
    for (let start = 0; start < byteLength;) {
      if (room === 0) {
        shards.push((last = []));
        room = limit;
      }
      const length = Math.min(room, byteLength - start);
      last.push(new Uint8Array(buffer, byteOffset + start, length));
      start += length;
      room -= length;
    }
  }
  return shards;
}
