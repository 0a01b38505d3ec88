import { checkShape, KdError } from '@kd/core';
import type { Batch } from '@kd/core';

const where = 'the data';

/** The number of examples in a batch. Throws unless every part of the batch has the same number. */
export function checkRows(batch: Batch): number {
  const targets = Object.entries(batch.targets ?? {}).map(
    ([name, target]) => [`targets.${name}`, target] as const,
  );
  const { sampleWeight, labelled, mask } = batch;
  const ofExamples = Object.entries({ sampleWeight, labelled, mask });
  const parts = [...Object.entries(batch.inputs), ...targets, ...ofExamples].flatMap(([name, tensor]) =>
    tensor === undefined ? [] : [{ name, rows: tensor.shape.at(0) ?? 0 }],
  );
  if (batch.ids !== undefined) parts.push({ name: 'ids', rows: batch.ids.length });
  const rows = parts[0]?.rows ?? 0;
  const odd = parts.find((part) => part.rows !== rows);
  if (odd !== undefined) {
    throw new KdError({
      code: 'KD_DATA_LENGTH',
      where,
      argument: odd.name,
      expected: `of ${String(rows)} examples, like ${parts[0]?.name ?? ''}`,
      received: String(odd.rows),
      remedy: 'Give every part of a batch the same first dimension.',
    });
  }
  if (rows === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument: 'batch',
      expected: 'at least one example',
      received: 'none',
      remedy: 'Drop empty batches from the stream.',
    });
  }
  // A column [B, 1] would broadcast against the losses [B].
  for (const [name, weights] of Object.entries({ sampleWeight, labelled })) {
    if (weights !== undefined) checkShape(where, name, weights, [rows]);
  }
  return rows;
}
