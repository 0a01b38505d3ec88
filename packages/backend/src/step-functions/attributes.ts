import { bytesField, floatField, intField, joined, varint } from './wire-format.js';

/** Attributes of an operation by name, each a serialised AttrValue. */
export type Attributes = Readonly<Record<string, Uint8Array>>;

// Numbers of the fields in TensorFlow's attr_value.proto, tensor.proto and tensor_shape.proto.
const field = { list: 1, string: 2, int: 3, float: 4, bool: 5, type: 6, shape: 7, tensor: 8 } as const;

const shapeOf = (dimensions: readonly number[]): Uint8Array =>
  joined(dimensions.map((size) => bytesField(2, intField(1, size))));

const list = (content: readonly Uint8Array[]): Uint8Array => bytesField(field.list, joined(content));
const packed = (number: number, values: readonly number[]): Uint8Array =>
  values.length === 0 ? new Uint8Array() : bytesField(number, joined(values.map(varint)));

/** Values of attributes. */
export const attributes = {
  string: (value: string): Uint8Array => bytesField(field.string, value),
  strings: (values: readonly string[]): Uint8Array =>
    list(values.map((value) => bytesField(field.string, value))),
  int: (value: number): Uint8Array => intField(field.int, value),
  ints: (values: readonly number[]): Uint8Array => list([packed(field.int, values)]),
  float: (value: number): Uint8Array => floatField(field.float, value),
  floats: (values: readonly number[]): Uint8Array =>
    list(values.map((value) => floatField(field.float, value))),
  bool: (value: boolean): Uint8Array => intField(field.bool, Number(value)),
  type: (value: number): Uint8Array => intField(field.type, value),
  types: (values: readonly number[]): Uint8Array => list([packed(field.type, values)]),
  shape: (value: readonly number[]): Uint8Array => bytesField(field.shape, shapeOf(value)),
  shapes: (values: readonly (readonly number[])[]): Uint8Array =>
    list(values.map((value) => bytesField(field.shape, shapeOf(value)))),
  /** A tensor by its bytes in memory. */
  tensor: (type: number, shape: readonly number[], content: Uint8Array): Uint8Array =>
    bytesField(
      field.tensor,
      joined([intField(1, type), bytesField(2, shapeOf(shape)), bytesField(4, content)]),
    ),
};
