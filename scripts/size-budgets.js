/** Largest allowed size of an entry's own code, in bytes after minification and gzip. */
export const budgets = {
  // 500 of these generate random numbers where TensorFlow does not, 700 run computations in one call, 200
  // compare softmaxes.
  '@kd/core': 8_800,
  // 800 of these let tfjs's layers draw from a seed that is a tensor, 700 leave gradients out, 600 run the
  // next positions of a sequence alone.
  '@kd/model': 10_200,
  '@kd/data': 9_500,
  '@kd/files': 7_000,
  '@kd/schedule': 1_800,
  '@kd/temperature': 2_500,
  '@kd/temperature/layer': 400,
  '@kd/soft-target-loss': 7_000,
  '@kd/hint-regressor': 6_900,
  '@kd/attention': 5_000,
  '@kd/optimizers': 6_500,
  '@kd/teacher': 20_500,
  '@kd/teacher/completions': 17_000,
  '@kd/teacher/function': 11_500,
  '@kd/teacher/onnx': 10_700,
  '@kd/teacher/saved-model': 9_500,
  // Most of this is Apache Arrow and the glue code of parquet-wasm; only Node loads it.
  '@kd/stored-soft-targets/node': 90_000,
  '@kd/recipe': 12_800,
  '@kd/trainer': 28_000,
  '@kd/trainer/node': 2_500,
  // With the checks of what models answer.
  '@kd/report/node': 6_200,
  // Vega and Vega-Lite, and pngjs; only Node loads it.
  '@kd/report/page': 315_000,
  // 6,000 of these write steps down as functions of TensorFlow.
  '@kd/backend': 27_000,
  '@kd/backend/node': 29_500,
  '@kd/conformance': 13_000,
  '@kd/conformance/vitest': 13_000,
  '@kd/conformance/node-test': 13_000,
};

/** The budget of an unlisted entry, such as a new method. */
export const defaultBudget = 4_000;

/**
 * Largest size of one export with everything of @kd that it needs: the cost of passing one loss to
 * `model.compile`.
 */
export const singleExports = {
  '@kd/soft-target-loss': { softTargetLoss: 3_900, hardTargetLoss: 3_900 },
};
