/** Largest allowed size of an entry's own code, in bytes after minification and gzip. */
export const budgets = {
  '@kd/core': 6_000,
  '@kd/model': 7_000,
  '@kd/data': 6_000,
  '@kd/files': 7_000,
  '@kd/schedule': 1_800,
  '@kd/temperature': 2_500,
  '@kd/temperature/layer': 400,
  '@kd/soft-target-loss': 7_000,
  '@kd/hint-regressor': 6_500,
  '@kd/optimizers': 6_000,
  '@kd/teacher': 17_000,
  '@kd/teacher/function': 10_500,
  '@kd/teacher/onnx': 9_200,
  '@kd/teacher/saved-model': 8_700,
  // Most of this is Apache Arrow and the glue code of parquet-wasm; only Node loads it.
  '@kd/stored-soft-targets/node': 90_000,
  '@kd/recipe': 6_800,
  '@kd/trainer': 18_000,
  '@kd/trainer/node': 2_500,
  '@kd/backend': 13_000,
  '@kd/backend/node': 19_000,
};

/** The budget of an unlisted entry, such as a new method. */
export const defaultBudget = 4_000;

/**
 * Largest size of one export with everything of @kd that it needs: the cost of passing one loss to
 * `model.compile`.
 */
export const singleExports = {
  '@kd/soft-target-loss': { softTargetLoss: 3_500, hardTargetLoss: 3_500 },
};
