import { measured } from '../../models/measured-model.js';
import type { MeasuredModel } from '../../models/measured-model.js';
import type { ReadModels } from '../../models/read-models.js';
import type { Mark } from '../marks.js';
import { calibrationSection } from './calibration.js';
import { confusionsSection } from './confusions.js';
import { overviewSection } from './overview.js';
import { softAnswersSection } from './soft-answers.js';

/** All sections on models. */
export async function modelsSections(read: ReadModels, marks: ReadonlyMap<string, Mark>): Promise<string[]> {
  const models: MeasuredModel[] = [];
  for (const model of read.models) models.push(await measured(model, read));
  return [
    await overviewSection(models, read.labels.length, marks),
    ...(read.pictures === undefined ? [] : [await softAnswersSection(read, read.pictures, marks)]),
    await confusionsSection(models, read),
    await calibrationSection(models, marks),
  ];
}
