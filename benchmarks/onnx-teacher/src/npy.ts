/** An array of bytes as a file that `numpy.load` reads. */
export function npyOf(bytes: Uint8Array, shape: readonly number[]): Buffer {
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Version 1.0: magic number, version, length of the header in two bytes. The header ends with a line break
  // at a multiple of 64.
  const before = 10;
  const length = Math.ceil((before + header.length + 1) / 64) * 64 - before;
  const lengthBytes = [length & 255, length >> 8];
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, ...lengthBytes]),
    Buffer.from(`${header.padEnd(length - 1)}\n`, 'latin1'),
    bytes,
  ]);
}
