import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { confusionMatrix } from './confusion-matrix.js';

describe('confusionMatrix', () => {
  it('counts labels downwards and predictions to the right', () => {
    const labels = Int32Array.of(0, 0, 0, 1, 2, 2);
    const predictions = [0, 2, 2, 1, 0, 2];
    expect(confusionMatrix(labels, predictions, 4)).toEqual([
      [1, 0, 2, 0],
      [0, 1, 0, 0],
      [1, 0, 1, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('refuses what is no class id, and other lengths', async () => {
    await expectKdError(() => confusionMatrix([0, 2], [0, 1], 2), 'KD_LABEL_RANGE', 'labels[1]', '2');
    await expectKdError(() => confusionMatrix([0, 1], [0.5, 1], 2), 'KD_LABEL_RANGE', 'predictions[0]');
    await expectKdError(
      () => confusionMatrix([0, 1], [0], 2),
      'KD_DATA_LENGTH',
      'predictions',
      '2 class ids',
    );
    await expectKdError(() => confusionMatrix([], [], 1e9), 'KD_OPTION_RANGE', 'classes');
    await expectKdError(() => confusionMatrix(3 as never, [], 1), 'KD_OPTION_TYPE', 'labels');
  });
});
