import { expectClose, useBackend } from '@kd/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { registerTrainingKernels } from '../register-training-kernels.js';

beforeAll(() => {
  registerTrainingKernels();
});

type Compute = () => tf.Tensor[];

/** Reproducible numbers in steps of 1/4, so that maxima tie as often as they do behind a relu. */
function filled(shape: readonly number[], phase: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Array.from(
    { length: size },
    (_, index) => Math.round(6 * Math.sin(phase + index * 1.7 + index * index * 0.01)) / 4,
  );
  return tf.tensor(values, [...shape]);
}

async function read(compute: Compute): Promise<number[][]> {
  const tensors = tf.tidy(compute);
  const values = await Promise.all(
    tensors.map(async (tensor) => [...tensor.shape, ...(await tensor.data())]),
  );
  tf.dispose(tensors);
  return values;
}

/** The same shapes and, to 1e-4, the same numbers on wasm as on cpu. */
async function expectLikeCpu(compute: Compute): Promise<void> {
  await tf.setBackend('cpu');
  const cpu = await read(compute);
  await useBackend('wasm');
  const wasm = await read(compute);
  wasm.forEach((values, index) => {
    expectClose(values, cpu[index], { relative: 1e-4, absolute: 1e-4 });
  });
}

/** An operation of two tensors and its gradient by each, weighted unevenly. */
function withGradients(
  f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  a: tf.Tensor,
  b: tf.Tensor,
): tf.Tensor[] {
  const output = f(a, b);
  return [output, ...tf.grads(f)([a, b], filled(output.shape, 5))];
}

const sides = { minLength: 2, maxLength: 2 };
const size = fc.integer({ min: 1, max: 9 });
const windows = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    image: fc.array(size, sides),
    channels: fc.integer({ min: 1, max: 5 }),
    filters: fc.integer({ min: 1, max: 5 }),
    filter: fc.array(fc.integer({ min: 1, max: 4 }), sides),
    strides: fc.array(fc.integer({ min: 1, max: 5 }), sides),
    pad: fc.oneof(
      fc.constantFrom('same' as const, 'valid' as const),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
    ),
  })
  .filter(({ image, filter, pad }) => {
    if (pad === 'same') return true;
    const [top = 0, bottom = 0, left = 0, right = 0] = pad === 'valid' ? [0, 0, 0, 0] : pad;
    const [height = 0, width = 0] = image;
    return height + top + bottom >= (filter[0] ?? 0) && width + left + right >= (filter[1] ?? 0);
  });

function padding(pad: 'same' | 'valid' | number[]): 'same' | 'valid' | tf.backend_util.ExplicitPadding {
  if (!Array.isArray(pad)) return pad;
  const [top = 0, bottom = 0, left = 0, right = 0] = pad;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

it('convolves and returns both gradients', async () => {
  await fc.assert(
    fc.asyncProperty(windows, async ({ batch, image, channels, filters, filter, strides, pad }) => {
      await expectLikeCpu(() =>
        withGradients(
          (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides as [number, number], padding(pad)),
          filled([batch, ...image, channels], 1),
          filled([...filter, channels, filters], 2),
        ),
      );
    }),
    { numRuns: 80 },
  );
});

it('convolves transposed and returns both gradients', async () => {
  await fc.assert(
    fc.asyncProperty(windows, async ({ batch, image, channels, filters, filter, strides, pad }) => {
      fc.pre(!Array.isArray(pad));
      const [height = 1, width = 1] = image;
      const [sy = 1, sx = 1] = strides;
      const shape = [batch, height * sy, width * sx, channels] as [number, number, number, number];
      await expectLikeCpu(() =>
        withGradients(
          (y, w) => tf.conv2dTranspose(y as tf.Tensor4D, w as tf.Tensor4D, shape, [sy, sx], 'same'),
          filled([batch, height, width, filters], 1),
          filled([...filter, channels, filters], 2),
        ),
      );
    }),
    { numRuns: 50 },
  );
});

it('convolves depthwise and returns both gradients', async () => {
  await fc.assert(
    fc.asyncProperty(windows, async ({ batch, image, channels, filters, filter, strides, pad }) => {
      fc.pre(!Array.isArray(pad));
      await expectLikeCpu(() =>
        withGradients(
          (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides as [number, number], pad),
          filled([batch, ...image, channels], 1),
          filled([...filter, channels, Math.min(3, filters)], 2),
        ),
      );
    }),
    { numRuns: 80 },
  );
});

// No gradient of tfjs comes here with a dilation, and the kernels of cpu leave it out; the convolution is
// linear in both operands.
it('returns both gradients of a dilated depthwise convolution', async () => {
  await useBackend('wasm');
  const attrs = { strides: [1, 1], pad: 'same', dilations: [2, 3] };
  const [byOutput, byInput, byFilter] = await read(() => {
    const dy = filled([2, 7, 8, 6], 1);
    const x = filled([2, 7, 8, 3], 3) as tf.Tensor4D;
    const filter = filled([3, 2, 3, 2], 2) as tf.Tensor4D;
    const run = (kernel: string, inputs: object, more: object): tf.Tensor =>
      tf.engine().runKernel(kernel, inputs as never, { ...attrs, ...more });
    const dx = run('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { inputShape: x.shape });
    const dw = run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { filterShape: filter.shape });
    const output = tf.depthwiseConv2d(x, filter, 1, 'same', 'NHWC', [2, 3]);
    return [tf.sum(tf.mul(output, dy)), tf.sum(tf.mul(dx, x)), tf.sum(tf.mul(dw, filter))];
  });
  expectClose(byInput ?? [], byOutput, { relative: 1e-4, absolute: 1e-4 });
  expectClose(byFilter ?? [], byOutput, { relative: 1e-4, absolute: 1e-4 });
});

it('pools maxima, and sends the gradient to the first of equal maxima', async () => {
  await fc.assert(
    fc.asyncProperty(windows, async ({ batch, image, channels, filter, strides, pad }) => {
      fc.pre(!Array.isArray(pad));
      const pool = (x: tf.Tensor): tf.Tensor =>
        tf.maxPool(x as tf.Tensor4D, filter as [number, number], strides as [number, number], pad);
      await expectLikeCpu(() => {
        const x = filled([batch, ...image, channels], 1);
        const output = pool(x);
        return [output, tf.grad(pool)(x, filled(output.shape, 5))];
      });
    }),
    { numRuns: 80 },
  );
});

it.each(['same', 'valid'] as const)('convolves and pools volumes, %s', async (pad) => {
  for (const strides of [1, 2, [1, 2, 3]] as (number | [number, number, number])[]) {
    await expectLikeCpu(() => [
      ...withGradients(
        (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, strides, pad),
        filled([2, 5, 4, 6, 2], 1),
        filled([3, 2, 2, 2, 3], 2),
      ),
    ]);
    const pool = (x: tf.Tensor): tf.Tensor => tf.maxPool3d(x as tf.Tensor5D, 3, strides, pad);
    await expectLikeCpu(() => {
      const x = tf.sub(filled([2, 5, 4, 6, 2], 1), 3);
      const output = pool(x);
      return [output, tf.grad(pool)(x, filled(output.shape, 5))];
    });
  }
});

// The gradient of stock cpu is wrong for windows that are no cubes.
it('returns the gradient of pooling volumes with windows that are not cubes', async () => {
  await useBackend('wasm');
  const pool = (x: tf.Tensor): tf.Tensor => tf.maxPool3d(x as tf.Tensor5D, [2, 3, 1], [1, 2, 1], 'valid');
  const [gradient, ...ends] = await read(() => {
    const x = tf.reshape(tf.mod(tf.mul(tf.range(0, 240), 77), 241), [2, 5, 4, 3, 2]);
    const dy = filled(pool(x).shape, 5);
    const direction = filled(x.shape, 2);
    const along = (step: number): tf.Tensor => tf.sum(tf.mul(pool(tf.add(x, tf.mul(direction, step))), dy));
    const slope = tf.sum(tf.mul(tf.grad(pool)(x, dy), direction));
    return [slope, along(0.25), along(-0.25)];
  });
  expectClose(gradient ?? [], [((ends[0]?.[0] ?? 0) - (ends[1]?.[0] ?? 0)) / 0.5], {
    relative: 1e-3,
    absolute: 1e-3,
  });
});

it('tiles', async () => {
  const axis = fc.record({ size: fc.integer({ min: 0, max: 4 }), copies: fc.integer({ min: 1, max: 5 }) });
  const dtypes = fc.constantFrom('float32' as const, 'int32' as const, 'bool' as const);
  await fc.assert(
    fc.asyncProperty(fc.array(axis, { minLength: 1, maxLength: 5 }), dtypes, async (axes, dtype) => {
      const [shape, reps] = [axes.map(({ size }) => size), axes.map(({ copies }) => copies)];
      await expectLikeCpu(() => {
        const x = filled(shape, 1);
        return [tf.tile(dtype === 'bool' ? tf.greater(x, 0) : tf.cast(x, dtype), reps)];
      });
    }),
    { numRuns: 100 },
  );
});

it('sums segments', async () => {
  await expectLikeCpu(() => {
    const ids = tf.tensor1d([2, 0, 2, 5, -1, 9, 2], 'int32');
    return [
      tf.unsortedSegmentSum(filled([7, 3, 2], 1), ids, 6),
      tf.unsortedSegmentSum(tf.cast(filled([7], 1), 'int32'), ids, 6),
      tf.grad((x) =>
        tf.gather(
          x,
          tf.tensor2d(
            [
              [1, 1],
              [0, 4],
            ],
            [2, 2],
            'int32',
          ),
          1,
        ),
      )(filled([3, 5, 2], 1), filled([3, 2, 2, 2], 5)),
    ];
  });
});

it.each([
  ['ij,jk->ik', [3, 4], [4, 5]],
  ['ij,jk->ki', [3, 4], [4, 5]],
  ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
  ['abcd,aecd->acbe', [2, 3, 4, 5], [2, 6, 4, 5]],
  ['ij,ij->', [3, 4], [3, 4]],
  ['i,j->ij', [3], [4]],
  ['ijk,jl->il', [3, 4, 5], [4, 2]],
  ['ij->ji', [3, 4], undefined],
  ['ijk->j', [3, 4, 5], undefined],
])('sums %s', async (equation, a, b) => {
  await expectLikeCpu(() => [tf.einsum(equation, filled(a, 1), ...(b === undefined ? [] : [filled(b, 2)]))]);
});

it('refuses channels first by name', async () => {
  await useBackend('wasm');
  const inputs = { x: filled([1, 2, 5, 5], 1), dy: filled([1, 3, 5, 5], 2) };
  const attrs = { filterShape: [3, 3, 2, 3], strides: 1, pad: 'same', dataFormat: 'NCHW' };
  expect(() => tf.engine().runKernel('Conv2DBackpropFilter', inputs, attrs as never)).toThrow('NHWC');
});

// The engine does not count data that a kernel makes besides its output.
it('frees what the kernels create besides their outputs', async () => {
  await useBackend('wasm');
  const held = (): number => (tf.backend() as unknown as { numDataIds: () => number }).numDataIds();
  const before = held();
  // Of sizes of 1 as well: transposing them shares the data.
  for (const [batch, side, channels, filters] of [
    [2, 6, 3, 4],
    [1, 5, 1, 1],
    [1, 1, 2, 1],
  ] as const) {
    tf.tidy(() => {
      const x = filled([batch, side, side, channels], 1);
      const filter = filled([1, 1, channels, filters], 2);
      withGradients((image, w) => tf.conv2d(image as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'), x, filter);
      withGradients(
        (image, w) => tf.depthwiseConv2d(image as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
        x,
        filter,
      );
      tf.grad((image) => tf.maxPool(image as tf.Tensor4D, 1, 1, 'valid'))(x);
      tf.einsum('bij,bjk->bik', filled([batch, side, 4], 1), filled([batch, 4, filters], 2));
      tf.einsum('ij->ji', filled([side, 1], 1));
    });
  }
  expect(held()).toBe(before);
});
