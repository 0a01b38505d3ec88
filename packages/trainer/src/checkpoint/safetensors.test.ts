import { expectNoLeak, useBackend } from '@kd/testing';
import { dispose, ones, tensor, zeros } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
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
    const read = decodeSafetensors(await encodeSafetensors(tensors));
    expect(Object.keys(read)).toEqual(Object.keys(tensors));
    for (const [name, expected] of Object.entries(tensors)) {
      expect(read[name]?.shape).toEqual(expected.shape);
      expect(read[name]?.dtype).toBe(expected.dtype);
      expect(await read[name]?.data()).toEqual(await expected.data());
    }
  });

  it('may be empty', async () => {
    expect(decodeSafetensors(await encodeSafetensors({}))).toEqual({});
  });

  it('is read at any offset in memory, and leaks nothing', () =>
    expectNoLeak(async () => {
      const x = ones([3]);
      const file = await encodeSafetensors({ x });
      const moved = new Uint8Array(file.length + 3);
      moved.set(file, 3);
      for (const place of [moved.subarray(3), Buffer.from(file), Buffer.from(moved).subarray(3)]) {
        const read = decodeSafetensors(place);
        expect(await read['x']?.data()).toEqual(new Float32Array([1, 1, 1]));
        dispose(read);
      }
      x.dispose();
    }));
});
