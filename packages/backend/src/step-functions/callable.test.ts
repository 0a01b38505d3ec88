import { expect, it } from 'vitest';
import { fasterIfEqual } from './callable.js';
import type { Callable } from './callable.js';
import type { FunctionBinding } from './function-backend.js';

/** Tensors by id, with what was done to them and to two functions. */
function twoFunctions(plain: readonly number[], faster: readonly number[] | Error | 'unknown') {
  const tensors = new Map<number, Float32Array>();
  const done: string[] = [];
  const binding = {
    tensorDataSync: (id: number) => tensors.get(id),
    deleteTensor: (id: number) => tensors.delete(id),
  } as unknown as FunctionBinding;
  const functionOf = (name: string, values: readonly number[] | Error): Callable => ({
    call: () => {
      done.push(name);
      if (values instanceof Error) throw values;
      return values.map((value) => {
        const id = done.length * 10 + tensors.size;
        tensors.set(id, Float32Array.of(value, 1));
        return id;
      });
    },
    remove: () => done.push(`${name} is gone`),
  });
  const both = fasterIfEqual(binding, functionOf('plain', plain), () => {
    if (faster === 'unknown') throw new Error('no such operation');
    return functionOf('faster', faster);
  });
  const call = (): (number | undefined)[] =>
    both.call(new Int32Array()).map((id) => {
      const [value] = tensors.get(id) ?? [];
      tensors.delete(id);
      return value;
    });
  return { call, remove: both.remove, done, tensors };
}

it('uses the faster function from its second call on, if all bits are the same', () => {
  const { call, remove, done, tensors } = twoFunctions([2, NaN], [2, NaN]);
  expect([call(), call()]).toEqual([[2, NaN], [2, NaN]]); // prettier-ignore
  remove();
  expect(done).toEqual(['plain', 'faster', 'plain is gone', 'faster', 'faster is gone']);
  expect(tensors.size).toBe(0);
});

it.each([
  ['another last bit', [2, 1], [2, 1 + 2 ** -23]],
  ['another sign of zero', [2, 0], [2, -0]],
  ['an error', [2, 1], new Error('no kernel')],
] as const)('stays with the plain function after %s', (_, plain, faster) => {
  const { call, remove, done, tensors } = twoFunctions(plain, faster);
  expect([call(), call()]).toEqual([plain, plain]);
  remove();
  expect(done).toEqual(['plain', 'faster', 'faster is gone', 'plain', 'plain is gone']);
  expect(tensors.size).toBe(0);
});

it('stays with the plain function where TensorFlow does not know the other one', () => {
  const { call, done } = twoFunctions([1], 'unknown');
  expect([call(), call()]).toEqual([[1], [1]]); // prettier-ignore
  expect(done).toEqual(['plain', 'plain']);
});

it('makes no other function if it was never called', () => {
  const { remove, done } = twoFunctions([1], [1]);
  remove();
  expect(done).toEqual(['plain is gone']);
});
