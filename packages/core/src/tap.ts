/**
 * A place in a model whose value a term wants.
 *
 * A string is a layer's name; layers of nested models are reached by path, `backbone/conv2d_2`. A layer that is applied
 * several times needs `node`, counted from 0 in the order of the applications. `preActivation` is the value before the layer's own activation.
 */
export type Tap =
  string | { readonly layer: string; readonly node?: number; readonly at?: 'output' | 'preActivation' };

/** The tap as it is printed: `conv2d_2`, `shared#1`, `dense@preActivation`. */
export function describeTap(tap: Tap): string {
  if (typeof tap === 'string') return tap;
  const node = tap.node === undefined ? '' : `#${String(tap.node)}`;
  const at = tap.at === undefined || tap.at === 'output' ? '' : `@${tap.at}`;
  return `${tap.layer}${node}${at}`;
}
