/** Ids by the order in which they came, each once. */
export interface IdIndex {
  readonly size: () => number;
  /** The number of a new id, from 0; -1 for one that is there already. */
  readonly add: (id: string) => number;
  /** The number of an id; -1 for an unknown one. */
  readonly find: (id: string) => number;
}

/**
 * An index of ids as UTF-8 in one buffer: for a million ids like `img-123456` 25 MB, where a Set of strings takes 90.
 *
 * A hash table with linear probing, at most half full; ids of equal hash are compared by their bytes.
 */
export function idIndex(): IdIndex {
  let bytes = Buffer.alloc(1024);
  let ends = new Float64Array(64);
  let table = new Int32Array(128).fill(-1);
  let hashes = new Int32Array(64);
  let size = 0;

  const startOf = (row: number): number => (row === 0 ? 0 : (ends[row - 1] as number));

  /** Puts an id behind the others, without counting it, and gives its end. */
  const write = (id: string): number => {
    const start = startOf(size);
    const needed = start + 3 * id.length;
    if (needed > bytes.length) bytes = Buffer.concat([bytes], Math.max(2 * bytes.length, needed));
    return start + bytes.write(id, start);
  };

  /** The place in the table of the id that was written last: that of the same one, or a free one. */
  const placeOf = (start: number, end: number, hash: number): number => {
    const mask = table.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const row = table[place] as number;
      if (row === -1) return place;
      if (hashes[row] !== hash) continue;
      if (bytes.compare(bytes, start, end, startOf(row), ends[row]) === 0) return place;
    }
  };

  const grow = (): void => {
    ends = grown(ends, new Float64Array(2 * ends.length));
    hashes = grown(hashes, new Int32Array(2 * hashes.length));
    table = new Int32Array(2 * table.length).fill(-1);
    const mask = table.length - 1;
    for (let row = 0; row < size; row++) {
      let place = (hashes[row] as number) & mask;
      while (table[place] !== -1) place = (place + 1) & mask;
      table[place] = row;
    }
  };

  return {
    size: () => size,
    add: (id) => {
      if (size === ends.length) grow();
      const start = startOf(size);
      const end = write(id);
      const hash = hashOf(bytes, start, end);
      const place = placeOf(start, end, hash);
      if (table[place] !== -1) return -1;
      ends[size] = end;
      hashes[size] = hash;
      table[place] = size;
      return size++;
    },
    find: (id) => {
      const start = startOf(size);
      const end = write(id);
      return table[placeOf(start, end, hashOf(bytes, start, end))] as number;
    },
  };
}

function grown<T extends Float64Array | Int32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

/** FNV-1a, with a last mixing as the table takes the lowest bits. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index++) {
    hash = Math.imul(hash ^ (bytes[index] as number), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
