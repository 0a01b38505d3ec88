import { describeShape, KdError } from '@kd/core';
import type { OptionPath } from '@kd/core';
import { checkShaped } from './shaped.js';
import type { TestPictures } from './tested-models.js';

// A page holds its pictures.
const largest = 256;
const isSide = (size = 0): boolean => size >= 1 && size <= largest;

/** Throws unless there is a picture of the right form for each row, and each row is one of the test set. */
export function checkPictures(at: OptionPath, { rows, images }: TestPictures, examples: number): void {
  checkShaped(
    { ...at, argument: `${at.argument}.images` },
    images,
    {
      shape: `of shape [k, height, width], [k, height, width, 1] or [k, height, width, 3] with sides from 1 to ${String(largest)}`,
      number: 'a number in [0, 1]',
    },
    ({ length, 1: height, 2: width, 3: channels }) =>
      isSide(height) &&
      isSide(width) &&
      (length === 3 || (length === 4 && (channels === 1 || channels === 3))),
    (value) => value >= 0 && value <= 1,
  );
  if (images.shape[0] !== rows.length || rows.length === 0)
    throw new KdError({
      code: rows.length === 0 ? 'KD_BATCH_EMPTY' : 'KD_DATA_LENGTH',
      where: at.where,
      argument: rows.length === 0 ? `${at.argument}.rows` : `${at.argument}.images`,
      expected: rows.length === 0 ? 'not empty' : `${String(rows.length)} images, one for each row`,
      received: rows.length === 0 ? 'nothing' : describeShape(images.shape),
      remedy: 'Pass the images of the rows, in their order.',
    });
  const wrong = rows.findIndex((row) => row >= examples);
  if (wrong === -1) return;
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where: at.where,
    argument: `${at.argument}.rows[${String(wrong)}]`,
    expected: `a row of the test set, from 0 to ${String(examples - 1)}`,
    received: String(rows[wrong]),
    remedy: 'Count rows from 0.',
  });
}
