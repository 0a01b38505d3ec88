import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A number that a summary file holds. */
export interface Summary {
  readonly name: string;
  readonly step: number;
  readonly value: number;
}

/** The numbers in the summary files of a directory, in order. */
export function summariesIn(directory: string): Summary[] {
  return readdirSync(directory).flatMap((file) =>
    recordsOf(readFileSync(join(directory, file))).flatMap((record) => {
      // Event: 2 is the step, which is left out if it is 0, and 5 the summary, with values as 1.
      const event = fieldsOf(record);
      const step = Number(event.find(([id]) => id === 2)?.[1] ?? 0);
      const values = event.filter(([id]) => id === 5).flatMap(([, summary]) => fieldsOf(summary as Buffer));
      return values.map(([, value]) => {
        // Value: 1 is the tag, 2 the number, which is left out if it is 0.
        const fields = new Map(fieldsOf(value as Buffer));
        const number = fields.get(2) as Buffer | undefined;
        return { name: String(fields.get(1)), step, value: number?.readFloatLE() ?? 0 };
      });
    }),
  );
}

/** A TFRecord file: length, its checksum, data, their checksum. */
function recordsOf(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    records.push(bytes.subarray(at + 12, at + 12 + length));
    at += length + 16;
  }
  return records;
}

/** The fields of a message of protobuf: numbers, or bytes. */
function fieldsOf(message: Buffer): [number, number | Buffer][] {
  const fields: [number, number | Buffer][] = [];
  let at = 0;
  const varint = (): number => {
    let [value, scale, byte] = [0, 1, 128];
    for (; byte >= 128; scale *= 128) {
      byte = message[at++] ?? 0;
      value += (byte % 128) * scale;
    }
    return value;
  };
  const bytes = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const key = varint();
    const kind = key % 8;
    const lengths: Record<number, number> = { 1: 8, 5: 4 };
    const value = kind === 0 ? varint() : bytes(kind === 2 ? varint() : (lengths[kind] ?? NaN));
    fields.push([Math.floor(key / 8), value]);
  }
  return fields;
}
