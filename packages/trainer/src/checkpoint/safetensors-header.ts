import type { Damaged } from './damaged.js';

/** The dtypes of tfjs and their names in the format. */
export const dtypes = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const;
export type Dtype = keyof typeof dtypes;

/** Where a tensor is in a file. */
export interface Placed {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: number[];
  /** In bytes from the start of the file. */
  readonly start: number;
  readonly end: number;
}

/**
 * The tensors that the header of a safetensors file lists. Throws unless they fill the rest of the file
 * without gaps, so that nothing in the header can claim more memory than the file has.
 */
export function readHeader(file: Uint8Array, damaged: Damaged): Placed[] {
  if (file.length < 8) throw damaged('at least 8 bytes long', `${String(file.length)} bytes`);
  const length = Number(new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true));
  const start = 8 + length;
  if (start > file.length) {
    throw damaged(
      `${String(file.length)} bytes long, with its header`,
      `a header of ${String(length)} bytes`,
    );
  }
  const placed = entriesOf(file.subarray(8, start), damaged)
    .map(([name, entry]) => placeOf(name, entry, start, damaged))
    .sort((one, other) => one.start - other.start || one.end - other.end);
  let end = start;
  for (const tensor of placed) {
    if (tensor.start !== end)
      throw damaged('a file of tensors without gaps or overlaps', atWrongPlace(tensor));
    ({ end } = tensor);
  }
  if (end === file.length) return placed;
  const received = `tensors of ${String(end - start)} bytes`;
  throw damaged(`a file with ${String(file.length - start)} bytes of tensors`, received);
}

function entriesOf(header: Uint8Array, damaged: Damaged): [string, unknown][] {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(header));
  } catch (error) {
    throw damaged('a file with a header in JSON', `${String(header.length)} bytes that do not parse`, error);
  }
  if (typeof content !== 'object' || content === null) throw damaged('a file with a list of tensors', 'none');
  return Object.entries(content).filter(([name]) => name !== '__metadata__');
}

function placeOf(name: string, entry: unknown, offset: number, damaged: Damaged): Placed {
  const { dtype: stored, shape, data_offsets: offsets } = Object(entry) as Record<string, unknown>;
  const dtype = (Object.keys(dtypes) as Dtype[]).find((one) => dtypes[one] === stored);
  if (dtype === undefined) {
    throw damaged(
      `a file with the dtypes ${Object.values(dtypes).join(', ')}`,
      `${name} of ${String(stored)}`,
    );
  }
  if (!areSizes(shape)) throw damaged('a file of tensors with shapes', `${name} without a shape`);
  if (!areSizes(offsets) || offsets.length !== 2)
    throw damaged('a file of tensors with data_offsets', `${name} without them`);
  const [start, end] = offsets as [number, number];
  const bytes = shape.reduce((product, size) => product * size, dtype === 'bool' ? 1 : 4);
  const place = { name, dtype, shape, start: offset + start, end: offset + end };
  if (end - start === bytes) return place;
  throw damaged(`a file in which ${name} has ${String(bytes)} bytes, as its shape says`, atWrongPlace(place));
}

function areSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function atWrongPlace({ name, start, end }: Placed): string {
  return `${name} from byte ${String(start)} to ${String(end)}`;
}
