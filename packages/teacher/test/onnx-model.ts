/** Element types of ONNX. */
export const onnxTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11 } as const;

/** A value of a model: its name, type and shape, open sizes as names. */
export interface OnnxValue {
  readonly name: string;
  readonly type: keyof typeof onnxTypes;
  readonly shape: readonly (number | string)[];
}

/** A node of a model. */
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

/** The bytes of a model, as the protocol buffers of ONNX 1.8 to 1.12 have them. */
export function onnxModel(
  nodes: readonly OnnxNode[],
  inputs: readonly OnnxValue[],
  outputs: readonly OnnxValue[],
): Uint8Array {
  const graph = [
    ...nodes.map((node) => message(1, nodeOf(node))),
    text(2, 'test'),
    ...inputs.map((value) => message(11, valueOf(value))),
    ...outputs.map((value) => message(12, valueOf(value))),
  ].flat();
  // Operators of version 11, where axes are attributes.
  return Uint8Array.from([...int(1, 6), ...message(7, graph), ...message(8, int(2, 11))]);
}

function nodeOf({ op, inputs, outputs, attributes = {} }: OnnxNode): number[] {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, op),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      message(5, [
        ...text(1, name),
        ...(typeof value === 'number'
          ? [...int(3, value), ...int(20, 2)]
          : [...value.flatMap((each) => int(8, each)), ...int(20, 7)]),
      ]),
    ),
  ];
}

function valueOf({ name, type, shape }: OnnxValue): number[] {
  const dims = shape.flatMap((size) => message(1, typeof size === 'number' ? int(1, size) : text(2, size)));
  return [...text(1, name), ...message(2, message(1, [...int(1, onnxTypes[type]), ...message(2, dims)]))];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [128 + (value % 128), ...varint(Math.floor(value / 128))];
}

function int(field: number, value: number): number[] {
  return [...varint(8 * field), ...varint(value)];
}

function message(field: number, bytes: readonly number[]): number[] {
  return [...varint(8 * field + 2), ...varint(bytes.length), ...bytes];
}

function text(field: number, value: string): number[] {
  return message(field, [...Buffer.from(value)]);
}
