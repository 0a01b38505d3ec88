export { augmentImages, augmentTensor } from './augment/augment-images.js';
export type { AugmentationTime, Images } from './augment/augment-images.js';
export { augmentedStream } from './augment/augmented-stream.js';
export type { AugmentedStreamOptions } from './augment/augmented-stream.js';
export { exampleRandom } from './augment/example-random.js';
export type { Random } from './augment/example-random.js';
export type { Augmentation, Image } from './augment/image.js';
export { mixup } from './augment/mixup.js';
export { randomCrop } from './augment/random-crop.js';
export type { RandomCropOptions } from './augment/random-crop.js';
export { randomFlip } from './augment/random-flip.js';
export type { RandomFlipOptions } from './augment/random-flip.js';
export { randomShift } from './augment/random-shift.js';
export type { RandomShiftOptions } from './augment/random-shift.js';
export { checkBatchSize } from './check-batch-size.js';
export { checkData, checkRepeatableData, isInMemory, sizedStream } from './check-data.js';
export { checkedBatches } from './checked-batches.js';
export { checkIds } from './check-ids.js';
export { checkColumn } from './column.js';
export type { CheckedColumn, Column, ColumnType, Numbers } from './column.js';
export type {
  Batches,
  BatchStream,
  Data,
  InMemoryData,
  RepeatableData,
  SizedStream,
  StreamContext,
} from './data.js';
export { repeatableData } from './data-option.js';
export { fromDataset } from './from-dataset.js';
export type { DatasetIterator, DatasetLike } from './dataset-like.js';
export type { DatasetOfPass } from './from-dataset.js';
export { groupsOfBatches } from './groups-of-batches.js';
export { examplesInMemory, rowsFrom } from './in-memory.js';
export type { ExamplesInMemory } from './in-memory.js';
export { inputDigests } from './input-digests.js';
export type { InputDigestsOptions } from './input-digests.js';
export { readClassIds } from './read-class-ids.js';
export { readOnce } from './read-once.js';
export { readScores } from './read-scores.js';
export type { Scores } from './read-scores.js';
export { shuffledOrder } from './shuffled-order.js';
