import type { OpAttribute, TensorflowBackend } from '../native-kernels/run-op.js';
import { attributes } from './attributes.js';

/** An attribute of a call, for a graph. */
export function attributeOf(binding: TensorflowBackend['binding'], { type, value }: OpAttribute): Uint8Array {
  if (type === binding.TF_ATTR_TYPE) return attributes.type(Number(value));
  if (type === binding.TF_ATTR_SHAPE) return attributes.shape(value as readonly number[]);
  if (Array.isArray(value)) {
    if (type === binding.TF_ATTR_INT) return attributes.ints(value);
    if (type === binding.TF_ATTR_FLOAT) return attributes.floats(value as readonly number[]);
    return attributes.strings(value);
  }
  if (type === binding.TF_ATTR_INT) return attributes.int(Number(value));
  if (type === binding.TF_ATTR_FLOAT) return attributes.float(Number(value));
  if (type === binding.TF_ATTR_BOOL) return attributes.bool(Boolean(value));
  return attributes.string(String(value));
}
