import { getGradient, registerGradient, unregisterGradient } from '@tensorflow/tfjs-core';
import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { MendedGradient } from './mended-gradient.js';
import { mendedGradients } from './mended-gradients.js';
import { scatteredGradients } from './scattered.js';

// All copies of this file in a process share Symbol.for, so no gradient is wrapped twice.
const marker = Symbol.for('@kd/backend/mended-gradient');

/**
 * Registers the gradients, which all backends share; returns the names of their kernels if they are new.
 * Does nothing before tfjs-layers or the union package has registered tfjs's own, which would replace these.
 */
export function registerGradients(): string[] {
  const mended = Object.entries(mendedGradients).filter(([name, gradient]) => mend(name, gradient));
  if (mended.length === 0) return [];
  const added = scatteredGradients.filter(({ kernelName }) => find(kernelName) === undefined);
  added.forEach(registerGradient);
  return [...mended.map(([name]) => name), ...added.map(({ kernelName }) => kernelName)];
}

function mend(name: string, mended: MendedGradient): boolean {
  const stock = find(name);
  if (stock === undefined || Reflect.get(stock, marker) === true) return false;
  const gradFunc: GradConfig['gradFunc'] = (dy, saved, attrs) => {
    const own = (changes: { dy?: Tensor; attrs?: NamedAttrMap } = {}): ReturnType<GradConfig['gradFunc']> =>
      stock.gradFunc(changes.dy ?? dy, saved, changes.attrs ?? attrs);
    // Kernels without attributes get undefined here, whatever their type says.
    return mended([dy].flat()[0] as Tensor, saved, Object(attrs) as NamedAttrMap, own) ?? own();
  };
  unregisterGradient(name);
  registerGradient(Object.assign({ ...stock, gradFunc }, { [marker]: true }));
  return true;
}

function find(kernelName: string): GradConfig | undefined {
  return getGradient(kernelName);
}
