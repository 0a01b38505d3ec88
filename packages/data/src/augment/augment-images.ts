import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor, describeShape, fn, KdError, like, list } from '@kd/core';
import { checkColumn } from '../column.js';
import { entriesOf } from './entries-of.js';
import { exampleRandom } from './example-random.js';
import type { Augmentation, Image } from './image.js';

/** Images of a batch: float32, `[B, H, W, C]`, row-major. */
export interface Images {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/** On what the randomness of a batch depends. */
export interface AugmentationTime {
  /** A whole number, for example that of a stream's context. */
  readonly seed: number;
  /** From 0. */
  readonly epoch: number;
}

const where = 'augmentImages';
const isImage = (value: unknown): value is Images => {
  const { values, shape } = Object(value) as Partial<Images>;
  if (!(values instanceof Float32Array) || !Array.isArray(shape)) return false;
  // A typed array that gave its memory away has no numbers.
  return shape.every(Number.isSafeInteger) && values.length === shape.reduce((size, axis) => size * axis, 1);
};
const imagesOption = like('float32 values and their shape', isImage, 'Pass { values: Float32Array, shape }.');
const augmentationsOption = list(fn<Augmentation>('an augmentation'));

/**
 * Applies augmentations, one after the other, to each image of a batch.
 *
 * The result for an image depends on the seed, the epoch and the example, not on its batch.
 *
 * @param images float32 `[B, H, W, C]`; not changed
 * @param examples for each image, the row of its example in the data set, or its id
 * @param time seed and epoch
 * @param augmentations `randomShift`, `randomFlip`, `randomCrop`, or your own
 * @returns new images `[B, H', W', C']`
 * @throws `KD_OPTION_TYPE` for anything but images, rows or ids, numbers and functions; `KD_TENSOR_SHAPE` for
 *   another rank, or if the results have different shapes; `KD_DATA_LENGTH`
 *   unless there is one example per image
 *
 * @example
 * ```ts
 * import { augmentImages, randomFlip, type Augmentation } from '@kd/data';
 * const brighter: Augmentation = ({ values, shape }, random) => {
 *   const more = random.integer(1, 9);
 *   return { values: values.map((value) => value + more), shape };
 * };
 * const images = { values: Float32Array.of(0, 10, 0, 10), shape: [2, 1, 2, 1] };
 * const { values } = augmentImages(images, [7, 8], { seed: 1, epoch: 0 }, [randomFlip(), brighter]);
 * console.log(values.join(' '));
 * // 3 13 2 12
 * ```
 */
export function augmentImages(
  images: Images,
  examples: ArrayLike<number | string>,
  time: AugmentationTime,
  augmentations: readonly Augmentation[],
): Images {
  const { values, shape } = imagesOption.read({ where, argument: 'images' }, images);
  const { seed, epoch } = Object(time) as AugmentationTime;
  const rowsOrIds = entriesOf({ where, argument: 'examples' }, examples);
  augmentationsOption.read({ where, argument: 'augmentations' }, augmentations);
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  checkImages(shape, rowsOrIds.length);
  const size = height * width * channels;
  const results = rowsOrIds.map((example, index): Image => {
    const random = exampleRandom(seed, epoch, example);
    const image: Image = {
      values: values.subarray(index * size, (index + 1) * size),
      shape: [height, width, channels],
    };
    return augmentations.reduce<Image>(
      (augmented, augment) =>
        imagesOption.read(
          { where, argument: 'what an augmentation returns' },
          augment(augmented, random),
        ) as Image,
      image,
    );
  });
  const first = results[0]?.shape ?? [height, width, channels];
  const made = first.reduce((product, axis) => product * axis, 1);
  const all = new Float32Array(count * made);
  results.forEach((image, index) => {
    checkSame(image, first, made);
    all.set(image.values, index * made);
  });
  return { values: all, shape: [count, ...first] };
}

/** `augmentImages` for a tensor, which the caller keeps. The caller also owns the result. */
export async function augmentTensor(
  images: Tensor,
  examples: ArrayLike<number | string>,
  time: AugmentationTime,
  augmentations: readonly Augmentation[],
): Promise<Tensor> {
  checkTensor('augmentTensor', 'images', images);
  checkColumn('augmentTensor', 'images', images, 'float32');
  const values = Float32Array.from(await images.data());
  const augmented = augmentImages({ values, shape: images.shape }, examples, time, augmentations);
  return tensor(augmented.values, [...augmented.shape], 'float32');
}

function checkImages(shape: readonly number[], examples: number): void {
  if (shape.length !== 4) {
    const remedy = 'Give images their height, width and channels: [examples, 28, 28, 1].';
    throw shapeFault('images', 'of shape [B, H, W, C]', describeShape(shape), remedy);
  }
  if (shape[0] === examples) return;
  throw new KdError({
    code: 'KD_DATA_LENGTH',
    where,
    argument: 'examples',
    expected: `${String(shape[0])} rows or ids, one per image`,
    received: String(examples),
    remedy: 'Say for each image which example it is.',
  });
}

function checkSame({ shape, values }: Image, first: readonly number[], size: number): void {
  if (describeShape(shape) === describeShape(first) && values.length === size) return;
  const remedy = 'Let the augmentations return images of one size, with as many values as their shape says.';
  const received = `${describeShape(shape)} with ${String(values.length)} values`;
  throw shapeFault(
    'an augmented image',
    `of shape ${describeShape(first)}, like the first`,
    received,
    remedy,
  );
}

function shapeFault(argument: string, expected: string, received: string, remedy: string): KdError {
  return new KdError({ code: 'KD_TENSOR_SHAPE', where, argument, expected, received, remedy });
}
