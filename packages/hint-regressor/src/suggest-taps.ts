import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describeShape, optionsOf, whole } from '@kd/core';
import { checkBuilt, listTaps } from '@kd/model';
import type { Shape } from '@kd/core';
import type { TapCandidate } from '@kd/model';
import { planRegressor } from './regressor/plan.js';
import type { RegressorPlan } from './regressor/kinds.js';

/** A pair of layers that a regressor can join; a row for `console.table`. */
export interface TapSuggestion {
  /** Layer of the student, for `hint({ student })`. */
  readonly student: string;
  readonly studentShape: string;
  /** Layer of the teacher, for `hint({ teacher })`. */
  readonly teacher: string;
  readonly teacherShape: string;
  /** Kind of the regressor, and its kernel. */
  readonly regressor: string;
  readonly parameters: number;
}

interface SuggestTapsOptions {
  /** Maximum number of pairs to return, a whole number >= 1; default 5. */
  readonly count?: number;
}

const suggestTapsOptions = optionsOf<SuggestTapsOptions>()({ count: whole(1).default(5) });

/** A layer with its relative depth between input (0) and output (1), counted in layers with a kernel. */
interface Place {
  readonly tap: TapCandidate;
  readonly depth: number;
}

/**
 * Suggests pairs of hint and guided layer to try first, starting from the middle of both models as in Romero
 * et al. 2015 (section 2.2). A deeper hint guides more of the student but leaves it less freedom.
 *
 * Sorted by their distance from the middle of both models; in a tie, the smaller regressor comes first.
 *
 * @param teacher the model that guides
 * @param student the model to be trained
 * @param options maximum number of pairs to return, a whole number >= 1; default 5
 * @returns the pairs, each with shapes, regressor and number of parameters; empty if no layers are compatible
 * @throws `KD_MODEL_UNSUPPORTED`, `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { suggestTaps } from '@kd/hint-regressor';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const stack = (units: readonly number[]) =>
 *   sequential({ layers: units.map((n, index) => layers.dense({ name: `dense_${index + 1}`, units: n, inputShape: [units[index - 1] ?? 8] })) });
 * const [best] = suggestTaps(stack([32, 32, 2]), stack([6, 6, 6, 6, 2]));
 * console.log(best?.student, best?.studentShape, '<-', best?.teacher, best?.teacherShape, best?.regressor, best?.parameters);
 * // dense_2 [?,6] <- dense_1 [?,32] pointwise 6x32 224
 * ```
 */
export function suggestTaps(
  teacher: LayersModel,
  student: LayersModel,
  options: SuggestTapsOptions = {},
): TapSuggestion[] {
  const where = 'suggestTaps';
  const { count } = suggestTapsOptions.read(where, options);
  checkBuilt(where, 'student', student);
  checkBuilt(where, 'teacher', teacher);
  const [guided, hints] = [placesIn(student), placesIn(teacher)];
  return guided
    .flatMap((own) => hints.flatMap((other) => pairOf(own, other)))
    .sort((a, b) => a.distance - b.distance || a.plan.parameters - b.plan.parameters)
    .slice(0, count)
    .map(({ own, other, plan }) => ({
      student: own.tap.path,
      studentShape: describeShape(own.tap.shape),
      teacher: other.tap.path,
      teacherShape: describeShape(other.tap.shape),
      regressor: [plan.kind, plan.kernelShape?.join('x') ?? ''].join(' ').trim(),
      parameters: plan.parameters,
    }));
}

/**
 * The layers worth tapping: for each kernel, the last layer that keeps its height and width, including
 * activation and normalisation.
 */
function placesIn(model: LayersModel): Place[] {
  const taps = listTaps(model).filter(
    ({ path }, _, all) => !all.some((other) => other.path.startsWith(`${path}/`)),
  );
  const depthOf = taps.map(
    (_, index) => taps.slice(0, index + 1).filter(({ hasKernel }) => hasKernel).length,
  );
  const deepest = depthOf.at(-1) ?? 0;
  return taps.flatMap((tap, index) => {
    const depth = depthOf[index] ?? 0;
    if (depth === 0 || depth === deepest || !isLastOfItsSize(taps, depthOf, index)) return [];
    return [{ tap, depth: depth / deepest }];
  });
}

function isLastOfItsSize(taps: readonly TapCandidate[], depthOf: readonly number[], index: number): boolean {
  const same = taps.flatMap((tap, other) => (depthOf[other] === depthOf[index] ? [{ tap, other }] : []));
  const size = sizeOf(same[0]?.tap.shape ?? []);
  return same.filter(({ tap }) => sizeOf(tap.shape) === size).at(-1)?.other === index;
}

function sizeOf(shape: Shape): string {
  return describeShape(shape.slice(0, -1));
}

function pairOf(
  own: Place,
  other: Place,
): { own: Place; other: Place; plan: RegressorPlan; distance: number }[] {
  try {
    const plan = planRegressor('suggestTaps', own.tap.shape, other.tap.shape);
    const distance = Math.abs(own.depth - 0.5) + Math.abs(other.depth - 0.5);
    // Rounded, so that a third and two thirds are equally far from a half.
    return [{ own, other, plan, distance: Math.round(distance * 1e6) }];
  } catch {
    return [];
  }
}
