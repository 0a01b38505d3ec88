import { upcastType } from '@tensorflow/tfjs-core';
import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { composed } from '../../composed.js';
import type { Inputs } from '../convolution/windows.js';

/**
 * `where` of two dtypes, and of bool. The stock kernel copies four bytes of either operand into a tensor of
 * the first one's dtype.
 */
export function selectOfAnyType(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { t, e } = given.inputs as Inputs<'t' | 'e'>;
    const dtype = upcastType(t.dtype, e.dtype);
    if (t.dtype === e.dtype && dtype !== 'bool') return stock(given);
    const wide = dtype === 'bool' ? 'int32' : dtype;
    return composed(given.backend as KernelBackend, (run, temporary) => {
      const as = (x: TensorInfo): TensorInfo => (x.dtype === wide ? x : run('Cast', { x }, { dtype: wide }));
      const inputs = { ...given.inputs, t: as(t), e: as(e) };
      const selected = temporary(stock({ ...given, inputs }) as TensorInfo);
      return wide === dtype ? selected : run('Cast', { x: selected }, { dtype });
    });
  };
}
