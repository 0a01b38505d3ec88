/** Largest allowed size of an entry's own code, in bytes after minification and gzip. */
export const budgets = {
  '@kd/core': 12_000,
  '@kd/schedule': 4_000,
  '@kd/temperature': 4_000,
  '@kd/temperature/layer': 4_000,
  '@kd/soft-target-loss': 4_000,
  '@kd/soft-target-loss/terms': 6_000,
  '@kd/teacher': 8_000,
  '@kd/recipe': 8_000,
  '@kd/trainer': 20_000,
  '@kd/trainer/node': 20_000,
  '@kd/backend': 12_000,
  '@kd/backend/node': 12_000,
};

/** For an entry that is not listed, such as a new method. */
export const defaultBudget = 4_000;
