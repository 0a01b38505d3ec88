import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { dispose, ones, tensor, zeros } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { damaged } from '../../test/damaged.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

await useBackend('cpu');

/** The output of Python's `safetensors.numpy.save` for these two. */
const fromPython =
  'gAAAAAAAAAB7Imtlcm5lbCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMiwyXSwiZGF0YV9vZmZzZXRzIjpbMCwxNl19LCJjb3VudCI6eyJkdHlwZSI6IkkzMiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzE2LDI0XX19ICAgICAgIAAAgD8AAABAAABAQAAAkEAHAAAA/////w==';

describe('a file in the format safetensors', () => {
  it('equals the file that Python writes, byte for byte', async () => {
    const tensors = { kernel: tensor([1, 2, 3, 4.5], [2, 2]), count: tensor([7, -1], [2], 'int32') };
    expect(Buffer.from(await encodeSafetensors(tensors)).toString('base64')).toBe(fromPython);
  });

  it('restores tensors bit for bit, whatever their shapes, numbers and names', async () => {
    const tensors = {
      'a/b#1': tensor([0.1, -0, NaN, Infinity, 1e-45, 3.4e38], [3, 1, 2]),
      'ü "quoted"': tensor(5),
      flags: tensor([true, false], [2], 'bool'),
      none: zeros([0, 3]),
    };
    const read = decodeSafetensors(await encodeSafetensors(tensors), damaged);
    expect(Object.keys(read)).toEqual(Object.keys(tensors));
    for (const [name, expected] of Object.entries(tensors)) {
      expect(read[name]?.shape).toEqual(expected.shape);
      expect(read[name]?.dtype).toBe(expected.dtype);
      expect(await read[name]?.data()).toEqual(await expected.data());
    }
  });

  it('may be empty', async () => {
    expect(decodeSafetensors(await encodeSafetensors({}), damaged)).toEqual({});
  });

  it('is read at any offset in memory, and leaks nothing', () =>
    expectNoLeak(async () => {
      const x = ones([3]);
      const file = await encodeSafetensors({ x });
      const moved = new Uint8Array(file.length + 3);
      moved.set(file, 3);
      for (const place of [moved.subarray(3), Buffer.from(file), Buffer.from(moved).subarray(3)]) {
        const read = decodeSafetensors(place, damaged);
        expect(await read['x']?.data()).toEqual(new Float32Array([1, 1, 1]));
        dispose(read);
      }
      x.dispose();
    }));
});

interface Entry {
  readonly dtype?: unknown;
  readonly shape?: unknown;
  readonly data_offsets?: unknown;
}

/** A file with this header, or this text, and so many bytes of numbers; `length` is its stated length. */
function fileOf(header: unknown, bytes = 16, length?: bigint): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(length ?? BigInt(text.length));
  return Buffer.concat([start, text, Buffer.alloc(bytes)]);
}
const x: Entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
const y: Entry = { dtype: 'F32', shape: [2], data_offsets: [8, 16] };

describe('a file that is not in the format', () => {
  it('is told from one that is', () => {
    const read = decodeSafetensors(fileOf({ __metadata__: { format: 'pt' }, y, x }), damaged);
    expect(Object.keys(read)).toEqual(['x', 'y']);
    dispose(read);
  });

  it.each<[string, Uint8Array, string]>([
    ['has 4 bytes', new Uint8Array(4), '4 bytes'],
    ['has a header of 2^60 bytes', fileOf({ x, y }, 16, 2n ** 60n), 'a header of 1152921504606847000 bytes'],
    ['has a header that is not JSON', fileOf('{"x":'), '5 bytes that do not parse'],
    ['has a header that is a number', fileOf('5'), 'none'],
    ['has a tensor that is null', fileOf({ x, y: null }), 'y of undefined'],
    ['has another dtype', fileOf({ x, y: { ...y, dtype: 'F16' } }), 'y of F16'],
    ['has no shape', fileOf({ x, y: { ...y, shape: undefined } }), 'y without a shape'],
    ['has a negative size', fileOf({ x, y: { ...y, shape: [-1, -2] } }), 'y without a shape'],
    ['has half a size', fileOf({ x, y: { ...y, shape: [0.5, 4] } }), 'y without a shape'],
    ['has no offsets', fileOf({ x, y: { ...y, data_offsets: undefined } }), 'y without them'],
    ['has one offset', fileOf({ x, y: { ...y, data_offsets: [8] } }), 'y without them'],
    ['claims 2^50 elements', fileOf({ x, y: { ...y, shape: [2 ** 50] } }), 'y from byte'],
    ['claims 2^1000 elements', fileOf({ x, y: { ...y, shape: Array(20).fill(2 ** 50) } }), 'y from byte'],
    ['has more elements than bytes', fileOf({ x, y: { ...y, shape: [3] } }), 'y from byte'],
    ['has fewer elements than bytes', fileOf({ x, y: { ...y, shape: [1] } }), 'y from byte'],
    ['has offsets in the wrong order', fileOf({ x, y: { ...y, data_offsets: [16, 8] } }), 'y from byte'],
    ['has tensors that overlap', fileOf({ x, y: { ...y, data_offsets: [4, 12] } }, 12), 'y from byte'],
    ['has the same bytes twice', fileOf({ x, y: x }), 'y from byte'],
    ['has a gap', fileOf({ x, y: { ...y, data_offsets: [12, 20] } }, 20), 'y from byte'],
    ['has tensors beyond its end', fileOf({ x, y }, 12), 'tensors of 16 bytes'],
    ['has bytes of no tensor', fileOf({ x, y }, 20), 'tensors of 16 bytes'],
  ])('%s', async (_, file, received) => {
    await expectNoLeak(() =>
      expectKdError(() => decodeSafetensors(file, damaged), 'KD_CHECKPOINT_DAMAGED', 'weights', received),
    );
  });
});
