/**
 * The maximum size of a file and of a buffer: 1 GiB.
 *
 * Node cannot read 2 GiB or more at once, not even with tfjs-node, and browsers have no buffers of that size.
 */
export const shardBytes: number = 2 ** 30;

/**
 * Cuts bytes into consecutive shards of `limit` bytes; the last one may be smaller, and a single shard may be
 * empty.
 */
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
