import type { LayerPlan, Plan, PoolingPlan } from './plan.js';

/** Units and kernel size of each layer. */
type Size = readonly [units: number, kernel: number];

// Like the paper's library, the first pooling also takes the windows at the edge. Only then is the last map
// 3x3, which the paper's number of parameters requires.
const first: PoolingPlan = { size: 4, stride: 2, padding: 'same' };
const second: PoolingPlan = { size: 4, stride: 2, padding: 'valid' };
const third: PoolingPlan = { size: 2, stride: 2, padding: 'valid' };

/**
 * The poolings of all nets here: 4x4, 4x4 and 2x2 with stride 2, as in the paper. They end in a map of 3x3.
 */
export const poolings: readonly [PoolingPlan, PoolingPlan, PoolingPlan] = [first, second, third];

/** A teacher: three layers, each pooled. The second and third pad the map with three zeros on each side. */
export function teacherPlan(sizes: readonly [Size, Size, Size]): Plan {
  return sizes.map(([units, kernel], index): LayerPlan => {
    const pooling = poolings[index] as PoolingPlan;
    return { units, kernel, padding: index === 0 ? 0 : 3, pooling };
  });
}

/** A student: six layers, every second one pooled. */
export function studentPlan(sizes: readonly [Size, Size, Size, Size, Size, Size]): Plan {
  return sizes.map(([units, kernel], index): LayerPlan => {
    const pooling = index % 2 === 1 ? { pooling: poolings[(index - 1) / 2] as PoolingPlan } : {};
    return { units, kernel, padding: 'same', ...pooling };
  });
}

/** The paper's teacher for MNIST, 361,066 parameters (Goodfellow et al. 2013). */
export const paperTeacher: Plan = teacherPlan([[48, 8], [48, 8], [24, 5]]); // prettier-ignore

/**
 * The paper's FitNet for MNIST, 30,130 parameters, with the kernels and padding of the published
 * configuration.
 */
export const paperStudent: Plan = [
  { units: 16, kernel: 5, padding: 0 },
  { units: 16, kernel: 3, padding: 0, pooling: second },
  { units: 16, kernel: 5, padding: 3 },
  { units: 16, kernel: 3, padding: 0, pooling: second },
  { units: 12, kernel: 3, padding: 3 },
  { units: 12, kernel: 3, padding: 0, pooling: third },
];

/** A teacher of the same form for a trial of a few minutes. */
export const smallTeacher: Plan = teacherPlan([[8, 5], [16, 5], [12, 3]]); // prettier-ignore

/**
 * A student of the same form for a trial of a few minutes: thinnest where the map is largest, because large
 * maps cost most.
 */
export const smallStudent: Plan = studentPlan([[4, 3], [4, 3], [8, 3], [8, 3], [8, 3], [8, 3]]); // prettier-ignore

/** The layer whose output is the hint: the end of the teacher's second layer. */
export const hintLayer = 'pooling_2';

/**
 * The layer that learns the hint: the second pooling, which ends the middle of the net. In the paper's
 * student it follows the fourth layer.
 */
export function middleOf(plan: Plan): string {
  const poolingLayers = plan.flatMap(({ pooling }, index) => (pooling === undefined ? [] : [index + 1]));
  return `pooling_${String(poolingLayers[1])}`;
}
