import { crc32 } from 'node:zlib';

/** A zip file with uncompressed entries, like a wheel. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const sizes = Buffer.alloc(16);
    sizes.writeUInt32LE(crc32(text), 0);
    sizes.writeUInt32LE(Buffer.byteLength(text), 4);
    sizes.writeUInt32LE(Buffer.byteLength(text), 8);
    sizes.writeUInt16LE(Buffer.byteLength(name), 12);
    const body = Buffer.concat([
      Buffer.from('504b030414000000000000000000', 'hex'),
      sizes,
      Buffer.from(name + text),
    ]);
    const attributes = Buffer.alloc(14);
    attributes.writeUInt32LE(0o644 * 0x10000, 6);
    attributes.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([
        Buffer.from('504b0102140314000000000000000000', 'hex'),
        sizes,
        attributes,
        Buffer.from(name),
      ]),
    );
    bodies.push(body);
    offset += body.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}
