import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { composed } from '../../composed.js';

type Given = Parameters<KernelFunc>[0];
type Wrap = (stock: KernelFunc) => KernelFunc;
type Wide = 'float32' | 'int32';

/**
 * A kernel of operands whose dtype the stock kernel does not know: it would leave its output unwritten, or
 * read and write beyond its operands. They are cast first, and the output back to their dtype if the stock
 * kernel's has the dtype of its operands.
 *
 * @param wide the dtype to compute in, one of `known`
 * @param known the dtypes that the stock kernel knows
 */
export function computedIn(wide: Wide, known: readonly string[], operands: readonly string[]): Wrap {
  return (stock) => {
    const converted = castTo(wide, known, operands)(stock);
    return (given) => {
      if (allAmong(known, operands, given)) return stock(given);
      const [dtype, ...others] = operands.map((name) => dtypeOf(given, name));
      if (dtype === undefined || others.some((other) => other !== dtype)) return converted(given);
      return composed(given.backend as KernelBackend, (run, temporary) => {
        const output = temporary(converted(given) as TensorInfo);
        if (output.dtype !== wide) return output;
        // Through whole numbers, as everywhere else: 0.7 is 0 as a bool.
        const whole = wide === 'int32' ? output : run('Cast', { x: output }, { dtype: 'int32' });
        return dtype === 'int32' ? whole : run('Cast', { x: whole }, { dtype });
      });
    };
  };
}

/** A kernel whose operands are cast first if the stock kernel does not know their dtype. */
export function castTo(wide: Wide, known: readonly string[], operands: readonly string[]): Wrap {
  return (stock) => (given) => {
    if (allAmong(known, operands, given)) return stock(given);
    return composed(given.backend as KernelBackend, (run, temporary) => {
      const cast = operands.map((name) => {
        const x = given.inputs[name] as TensorInfo;
        return [name, x.dtype === wide ? x : run('Cast', { x }, { dtype: wide })] as const;
      });
      const inputs = { ...given.inputs, ...Object.fromEntries(cast) };
      return temporary(stock({ ...given, inputs }) as TensorInfo);
    });
  };
}

/** A kernel whose output has the dtype of its input, where the stock kernel's is always float32. */
export function ofInputType(input: string): Wrap {
  return (stock) => (given) => {
    const { dtype } = given.inputs[input] as TensorInfo;
    if (dtype === 'float32') return stock(given);
    return composed(given.backend as KernelBackend, (run, temporary) =>
      run('Cast', { x: temporary(stock(given) as TensorInfo) }, { dtype }),
    );
  };
}

function allAmong(known: readonly string[], operands: readonly string[], given: Given): boolean {
  return operands.every((name) => known.includes(dtypeOf(given, name)));
}

function dtypeOf({ inputs }: Given, name: string): string {
  return (inputs[name] as TensorInfo).dtype;
}
