/** Protocol Buffers' wire format, as much of it as graphs need. */
const utf8 = new TextEncoder();
const [asVarint, asFixed64, asBytes, asFixed32] = [0, 1, 2, 5];

/** The concatenation of all parts. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A whole number in groups of seven bits; a negative one as 64 bits in two's complement. */
export function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

/** A field with bytes, a text or another message. */
export function bytesField(field: number, value: Uint8Array | string): Uint8Array {
  const content = typeof value === 'string' ? utf8.encode(value) : value;
  return joined([varint(field * 8 + asBytes), varint(content.length), content]);
}

/** A field with a whole number or a boolean. */
export function intField(field: number, value: number): Uint8Array {
  return joined([varint(field * 8 + asVarint), varint(value)]);
}

/** A field with a float32. */
export function floatField(field: number, value: number): Uint8Array {
  return joined([varint(field * 8 + asFixed32), new Uint8Array(Float32Array.of(value).buffer)]);
}

/** The fields of a message: its numbers as numbers, everything else as bytes. */
export function* fieldsOf(message: Uint8Array): Generator<readonly [number, number | Uint8Array]> {
  let at = 0;
  const next = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  };
  while (at < message.length) {
    const tag = next();
    const [field, type] = [Math.floor(tag / 8), tag % 8];
    if (type === asVarint) {
      yield [field, next()];
      continue;
    }
    const length = type === asBytes ? next() : type === asFixed64 ? 8 : 4;
    yield [field, message.subarray(at, at + length)];
    at += length;
  }
}
