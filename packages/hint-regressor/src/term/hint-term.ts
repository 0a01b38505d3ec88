import type { Tensor } from '@tensorflow/tfjs-core';
import { checkShape, defineTerm, describeTap, KdError, optionsOf, selected, termOptions } from '@kd/core';
import type { FieldsOf, Options, Settings, Tap, Term, TermOptions, ValueInfo } from '@kd/core';
import { planOptions, planRegressor } from '../regressor/plan.js';
import type { RegressorKind } from '../regressor/kinds.js';
import { regressorModule } from '../regressor/module.js';
import type { RegressorParts } from '../regressor/module.js';
import type { RegressorActivation } from '../regressor/activation.js';
import { pairsOf, taps } from './pairs.js';
import { lossOfPair, sumOfPairs } from './positions.js';
import type { HintPairLoss, OverPositions } from './positions.js';

/** Options of every term that compares hints. */
export interface HintTermOptions extends TermOptions {
  /**
   * Guided layer of the student. Several layers, in the order of `teacher`, each get a regressor, and their
   * losses add up.
   */
  readonly student: Tap | readonly Tap[];
  /** Hint layer of the teacher, or several. */
  readonly teacher: Tap | readonly Tap[];
  /** Kind of the regressors; default: chosen from the shapes of each pair. */
  readonly kind?: RegressorKind;
  /** Whether equal shapes are compared directly, without a regressor; default false. */
  readonly identityWhenEqual?: boolean;
}

export const hintTermOptions: Options<
  HintTermOptions,
  FieldsOf<HintTermOptions, 'weight' | 'identityWhenEqual'>
> = optionsOf<HintTermOptions>()({
  student: taps,
  teacher: taps,
  ...planOptions.fields,
  ...termOptions.fields,
});

/** What distinguishes one hint term from another. */
export interface HintTermKind {
  readonly where: string;
  /** Start of the default name. */
  readonly label: string;
  /** Values of the options that are not shared. */
  readonly settings?: object;
  /** Final activation of the regressors; default: the hint's activation if the teacher knows it. */
  readonly activation?: RegressorActivation | undefined;
  /** Teacher activations for which the loss is defined; default: all. */
  readonly hintsFrom?: readonly string[];
  readonly loss: HintPairLoss;
  /** What the loss is of the positions of a sequence or map, where a mask leaves some out. */
  readonly over: OverPositions;
}

/** Makes a term from a loss between hints: a regressor for each pair, and the sum of the losses. */
export function hintTerm(kind: HintTermKind, options: Settings<typeof hintTermOptions.fields>): Term {
  const { where, label, settings = {}, activation, hintsFrom, loss, over } = kind;
  const { student: guidedTaps, teacher: hintTaps, weight, name: given, ...plan } = options;
  const pairs = pairsOf(where, guidedTaps, hintTaps);
  const names = pairs.map(({ guided, hint }) => `${describeTap(guided)}<-${describeTap(hint)}`);
  const name = given ?? `${label} ${names.join(', ')}`;
  const modules = pairs.map((pair, index) =>
    regressorModule(`regressor ${names[index] ?? ''}`, pair, { ...plan, activation }),
  );
  return defineTerm({
    name,
    weight,
    reads: {
      student: { guided: pairs.map(({ guided }) => guided) },
      teacher: { hints: pairs.map(({ hint }) => hint) },
      mask: true,
    },
    modules: Object.fromEntries(modules.map((module) => [module.name, module])),
    settings: {
      ...settings,
      loss: where,
      kind: plan.kind ?? null,
      identityWhenEqual: plan.identityWhenEqual,
      activation: activation ?? null,
    },
    check: ({ student, teacher }) => {
      student.guided.forEach((guided, pair) => {
        planRegressor(
          `the term ${JSON.stringify(name)}, regressor ${names[pair] ?? ''}`,
          guided.shape,
          teacher.hints[pair]?.shape ?? [],
          plan,
        );
      });
      if (hintsFrom !== undefined) checkRange(where, teacher.hints, hintsFrom);
    },
    loss: ({ student, teacher, mask, modules: built }) => ({
      values: sumOfPairs(
        modules.map(({ name: regressor }, pair) => {
          const { regress } = built[regressor] as RegressorParts;
          const hint = teacher.hints[pair] as Tensor;
          const marks = marksOf(where, mask, hint);
          // What a masked position holds may be NaN.
          const kept = (x: Tensor): Tensor => (marks === undefined ? x : selected(x, marks));
          const regressed = kept(regress(student.guided[pair] as Tensor, marks));
          return lossOfPair(loss, over, kept(hint), regressed, marks);
        }),
      ),
    }),
  });
}

/** The mask, if it is one of the hint's positions. */
function marksOf(where: string, mask: Tensor | undefined, hint: Tensor): Tensor | undefined {
  if (mask === undefined || hint.rank !== mask.rank + 1) return undefined;
  checkShape(where, 'batch.mask', mask, hint.shape.slice(0, -1));
  return mask;
}

function checkRange(where: string, hints: readonly ValueInfo[], hintsFrom: readonly string[]): void {
  const outside = hints.find(({ activation }) => activation !== undefined && !hintsFrom.includes(activation));
  if (outside === undefined) return;
  throw new KdError({
    code: 'KD_TAP_UNSUPPORTED',
    where,
    argument: 'options.teacher',
    expected: `a layer that ends in ${hintsFrom.join(' or ')}`,
    received: `a layer that ends in ${String(outside.activation)}`,
    remedy: 'Use hint, which takes hints of any range.',
  });
}
