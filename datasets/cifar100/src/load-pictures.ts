import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { oneOf, optionsOf, text, whole } from '@kd/core';
import { accessFault, checkRegularFile } from '@kd/files';
import { checkRecords, recordBytes, source } from './check-records.js';
import { channels, normalizedBytes, side } from './pixels.js';

/** Pictures and their labels. */
export interface Pictures {
  readonly size: number;
  /**
   * `[size, 32, 32, 3]`, row-major: red, green and blue of each pixel, normalised so that the training
   * pictures have about mean 0 and deviation 1.
   */
  readonly images: Float32Array;
  /** The fine label of each picture, a class from 0 to 99. */
  readonly labels: Int32Array;
  /** File and record, such as `train-7`. */
  readonly ids: readonly string[];
}

/** Options of `loadPictures`. */
export interface LoadOptions {
  /**
   * Pictures that the file must have, a whole number >= 1; default: the 50,000 of `train.bin` or the 10,000
   * of `test.bin`. For a smaller file of the same form.
   */
  readonly size?: number;
}

const where = 'loadPictures';
const sizes = { train: 50_000, test: 10_000 } as const;
const loadOptions = optionsOf<LoadOptions>()({ size: whole(1).optional() });

/**
 * Reads the training or test pictures of CIFAR-100 (Krizhevsky 2009) from a file of its binary version.
 *
 * Each channel is divided by 255 and normalised with mean (0.5071, 0.4867, 0.4408) and deviation (0.2675,
 * 0.2565, 0.2761), the numbers of RepDistiller. The training pictures take 0.6 GB.
 *
 * @param folder the folder with `train.bin` and `test.bin`; nothing is downloaded
 * @param which `train` or `test`
 * @param options size, for smaller files
 * @returns the pictures in the order of the file
 * @throws `KD_FILE_READ` if the file is missing, truncated or another file; `KD_OPTION_TYPE`,
 *   `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`
 */
export async function loadPictures(
  folder: string,
  which: 'train' | 'test',
  options: LoadOptions = {},
): Promise<Pictures> {
  text.read({ where, argument: 'folder' }, folder);
  oneOf('train', 'test').read({ where, argument: 'which' }, which);
  const { size = sizes[which] } = loadOptions.read(where, options);
  const file = join(folder, `${which}.bin`);
  const bytes = await read(file);
  checkRecords(where, file, bytes, size);
  return {
    size,
    images: normalized(bytes, size),
    labels: Int32Array.from({ length: size }, (_, record) => bytes[record * recordBytes + 1] as number),
    ids: Array.from({ length: size }, (_, record) => `${which}-${String(record)}`),
  };
}

async function read(file: string): Promise<Uint8Array> {
  try {
    await checkRegularFile(file);
    return await readFile(file);
  } catch (error) {
    throw accessFault(where, file, error, `${source}.`);
  }
}

/** The pictures with their channels last. There are 154 million bytes of them, so each is looked up. */
function normalized(bytes: Uint8Array, size: number): Float32Array {
  const pixels = side * side;
  const images = new Float32Array(size * pixels * channels);
  for (let record = 0; record < size; record++) {
    normalizedBytes.forEach((table, channel) => {
      const from = record * recordBytes + 2 + channel * pixels;
      const to = record * pixels * channels + channel;
      for (let pixel = 0; pixel < pixels; pixel++)
        images[to + pixel * channels] = table[bytes[from + pixel] as number] as number;
    });
  }
  return images;
}
