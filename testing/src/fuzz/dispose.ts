import { Tensor } from '@tensorflow/tfjs-core';

const most = 20_000;

/** All live tensors inside a value: in fields, entries and class instances. It calls no getter. */
export function tensorsIn(value: unknown): ReadonlySet<Tensor> {
  const found = new Set<Tensor>();
  const seen = new Set<unknown>();
  const waiting = [value];
  while (waiting.length > 0 && seen.size < most) {
    const one = waiting.pop();
    if (typeof one !== 'object' || one === null || seen.has(one)) continue;
    seen.add(one);
    const inside = contents(one);
    if (inside === 'tensor') found.add(one as Tensor);
    else waiting.push(...inside);
  }
  return new Set([...found].filter((tensor) => !tensor.isDisposed));
}

function contents(value: object): unknown[] | 'tensor' {
  try {
    if (value instanceof Tensor) return 'tensor';
    if (ArrayBuffer.isView(value)) return [];
    const fields = Object.values(Object.getOwnPropertyDescriptors(value)).map((one): unknown => one.value);
    if (value instanceof Map) return [...fields, ...(value as Map<unknown, unknown>).values()];
    return value instanceof Set ? [...fields, ...(value as Set<unknown>)] : fields;
  } catch {
    return []; // A proxy that throws.
  }
}

/** Disposes what a caller would: a teacher, a model or an optimizer as one, then each tensor that is left. */
export function disposeAll(value: unknown, except: ReadonlySet<Tensor> = new Set()): void {
  if (except.size === 0) callDispose(value);
  for (const tensor of tensorsIn(value)) if (!except.has(tensor)) tensor.dispose();
}

function callDispose(value: unknown): void {
  try {
    (value as { dispose: () => void }).dispose();
  } catch {
    // Nothing that can be disposed, or a hostile value.
  }
}
