import '@tensorflow/tfjs-backend-cpu';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { inputDigests } from './input-digests.js';

beforeAll(() => useBackend('cpu'));

/** The float32 whose four bytes are these characters. */
function floats(text: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(text)).buffer);
}

describe('the digest of an input', () => {
  it('is 32-bit MurmurHash3 with seed 0', async () => {
    // Values of the reference implementation for "test" and "The quick brown fox jumps over the lazy dog.".
    expect([...(await inputDigests({ x: tensor(floats('test'), [1, 1]) }, 1))]).toEqual([0xba6bd213 | 0]);
    const text = 'The quick brown fox jumps over the lazy dog.';
    expect([...(await inputDigests({ x: tensor(floats(text), [1, 11]) }, 1))]).toEqual([0xd5c48bfc | 0]);
  });

  it('depends on each row alone, and can cover only the first rows', async () => {
    const values = [1, 2, 3, 4, 1, 2];
    const all = await inputDigests({ x: tensor(values, [3, 2], 'float32') }, 3);
    expect(all[0]).toBe(all[2]);
    expect(all[0]).not.toBe(all[1]);
    expect([...(await inputDigests({ x: tensor(values, [3, 2], 'float32') }, 2))]).toEqual([
      ...all.slice(0, 2),
    ]);
  });

  it('changes with any value, with their order, and with the length', async () => {
    const digest = async (values: number[]): Promise<number> =>
      (await inputDigests({ x: tensor(values, [1, values.length], 'float32') }, 1))[0] as number;
    const seen = await Promise.all(
      [
        [1, 2],
        [2, 1],
        [1, 2, 0],
        [1, 2.0000002],
        [-0, 0],
        [0, 0],
      ].map(digest),
    );
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('depends on the order of the names, but not on the names', async () => {
    const [one, two] = [tensor([1], [1, 1]), tensor([2], [1, 1])];
    const digest = async (inputs: Record<string, typeof one>): Promise<number> =>
      (await inputDigests(inputs, 1))[0] as number;
    expect(await digest({ b: two, a: one })).toBe(await digest({ left: one, right: two }));
    expect(await digest({ b: one, a: two })).not.toBe(await digest({ left: one, right: two }));
    expect(await digest({ a: two, b: two })).not.toBe(await digest({ a: one, b: two }));
  });

  it('covers the first entries of each row, as if there were no others', async () => {
    const padded = tensor([[[1, 2], [3, 4], [NaN, 5]], [[6, 7], [8, 8], [8, 8]]]); // prettier-ignore
    const side = tensor([7, 9]);
    const digests = await inputDigests({ side, x: padded }, 2, { lengths: [2, 1] });
    const alone = async (values: number[][], of: number): Promise<number> =>
      (await inputDigests({ side: tensor([of]), x: tensor([values]) }, 1))[0] as number;
    expect([...digests]).toEqual([await alone([[1, 2], [3, 4]], 7), await alone([[6, 7]], 9)]); // prettier-ignore
    // More than there are, and none.
    const [whole, none] = await inputDigests({ side, x: padded }, 2, { lengths: [4, 0] });
    expect(whole).toBe((await inputDigests({ side, x: padded }, 1))[0]);
    expect(none).toBe((await inputDigests({ side: tensor([9]), x: tensor([], [1, 0, 2]) }, 1))[0]);
  });

  it.each<[object, string, ...string[]]>([
    [{ lengths: [1] }, 'KD_DATA_LENGTH', 'options.lengths', '2', '1'],
    [{ lengths: [1, -1] }, 'KD_OPTION_RANGE', 'options.lengths[1]', '-1'],
    [{ lengths: 2 }, 'KD_OPTION_TYPE', 'options.lengths'],
    [{ length: [1, 2] }, 'KD_OPTION_UNKNOWN', 'options.length'],
  ])('is refused with %j', async (options, code, ...facts) => {
    const x = tensor([[1], [2]]);
    await expectKdError(() => inputDigests({ x }, 2, options), code, ...facts);
  });

  it('treats whole numbers as floats, and leaks no tensor', async () => {
    const [whole, float] = [tensor([1, 2], [2, 1], 'int32'), tensor([1, 2], [2, 1], 'float32')];
    await expectNoLeak(async () => {
      expect([...(await inputDigests({ x: whole }, 1))]).toEqual([...(await inputDigests({ x: float }, 1))]);
    });
  });
});
