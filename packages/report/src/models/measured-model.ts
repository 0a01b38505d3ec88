import { calibrationBins, expectedCalibrationError } from '@kd/temperature';
import type { CalibrationBin } from '@kd/temperature';
import { confusionsOf } from './confusions.js';
import type { Confusion } from './confusions.js';
import type { ReadAnswers } from './read-answers.js';
import type { ReadModels } from './read-models.js';

/** A model with what its answers are worth. */
export interface MeasuredModel extends ReadAnswers {
  /** Number of wrong answers. */
  readonly errors: number;
  readonly confusions: readonly Confusion[];
  readonly bins: readonly CalibrationBin[];
  /** With 15 bins of equal width. */
  readonly calibrationError: number;
}

export async function measured(model: ReadAnswers, { labels, classes }: ReadModels): Promise<MeasuredModel> {
  const width = classes.length;
  const values = new Float32Array(labels.length * width);
  for (let row = 0; row < labels.length; row++) values.set(model.at(row, 1), row * width);
  const probabilities = { values, shape: [labels.length, width] };
  return {
    ...model,
    errors: model.predictions.reduce((sum, id, row) => sum + (id === labels[row] ? 0 : 1), 0),
    confusions: confusionsOf(labels, model.predictions),
    bins: await calibrationBins(probabilities, labels),
    calibrationError: await expectedCalibrationError(probabilities, labels),
  };
}
