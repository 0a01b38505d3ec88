import type { TestedModels } from '../src/index.js';

/**
 * Four examples of two classes. The teacher gives the labels, with 0.75 for the right class each time. The
 * student takes the second and the fourth for the other class, and is 0.875 sure each time.
 */
export const twoModels = (more: Partial<TestedModels> = {}): TestedModels => ({
  labels: [0, 0, 1, 1],
  classes: ['cat', 'dog'],
  answers: {
    teacher: {
      probabilities: { values: [0.75, 0.25, 0.75, 0.25, 0.25, 0.75, 0.25, 0.75], shape: [4, 2] },
      parameters: 4000,
      bytes: 16_000,
      millisecondsPerExample: 0.5,
    },
    '<student>': {
      logits: {
        values: Float32Array.of(Math.log(7), 0, 0, Math.log(7), 0, Math.log(7), Math.log(7), 0),
        shape: [4, 2],
      },
      parameters: 1000,
    },
  },
  pictures: {
    rows: [2, 0],
    images: { values: [0, 0.2, 1, 0.4, 0.6, 0.8], shape: [2, 1, 3] },
    temperature: 2,
    chosen: 'Two of four.',
  },
  ...more,
});
