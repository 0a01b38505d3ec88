import { addN } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkShape, describeTap, KdError, optionsOf, selected, termOptions } from '@kd/core';
import type { Batch, FieldsOf, Options, Settings, Tap, Term, TermOptions, TermShapes } from '@kd/core';
import { planOptions, planRegressor } from '../regressor/plan.js';
import type { RegressorKind } from '../regressor/plan.js';
import { regressorModule } from '../regressor/module.js';
import type { RegressorState } from '../regressor/module.js';
import type { RegressorActivation } from '../regressor/activation.js';
import { pairsOf, taps } from './pairs.js';

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
  readonly settings?: Term['settings'];
  /** Final activation of the regressors; default: the hint's activation if the teacher knows it. */
  readonly activation?: RegressorActivation | undefined;
  /** Teacher activations for which the loss is defined; default: all. */
  readonly hintsFrom?: readonly string[];
  readonly loss: (teacherHint: Tensor, regressed: Tensor) => Tensor;
}

/** Makes a term from a loss between hints: a regressor for each pair, and the sum of the losses. */
export function hintTerm(kind: HintTermKind, options: Settings<typeof hintTermOptions.fields>): Term {
  const { where, label, settings = {}, activation, hintsFrom, loss } = kind;
  const { student: guidedTaps, teacher: hintTaps, weight, name: given, ...plan } = options;
  const pairs = pairsOf(where, guidedTaps, hintTaps);
  const names = pairs.map(({ guided, hint }) => `${describeTap(guided)}<-${describeTap(hint)}`);
  const name = given ?? `${label} ${names.join(', ')}`;
  const modules = names.map((pairName, pair) =>
    regressorModule(`regressor ${pairName}`, pair, { ...plan, activation }),
  );
  return {
    apiVersion: 1,
    name,
    weight,
    usesOutputs: false,
    reduces: 'example',
    needs: ['teacher'],
    taps: { student: pairs.map(({ guided }) => guided), teacher: pairs.map(({ hint }) => hint) },
    modules,
    settings: {
      ...settings,
      loss: where,
      kind: plan.kind ?? null,
      identityWhenEqual: plan.identityWhenEqual,
      activation: activation ?? null,
    },
    check: (shapes) => {
      pairs.forEach((_, pair) => {
        planRegressor(
          `the term ${JSON.stringify(name)}, regressor ${names[pair] ?? ''}`,
          shapes.student.taps[pair] ?? [],
          shapes.teacher?.taps[pair] ?? [],
          plan,
        );
      });
      if (hintsFrom !== undefined) checkRange(where, shapes, hintsFrom);
    },
    loss: ({ student, teacher, batch, modules: states }) => ({
      values: addN(
        modules.map((module, pair) => {
          const { regress } = states[module.name] as RegressorState;
          const [hint, guided] = [teacher?.taps[pair] as Tensor, student.taps[pair] as Tensor];
          const kept = keptPositions(where, batch, hint);
          return loss(kept(hint), kept(regress(guided)));
        }),
      ),
    }),
  };
}

/** Zeros at masked positions of a sequence: equal on both sides, they add nothing. */
function keptPositions(where: string, { mask }: Batch, hint: Tensor): (x: Tensor) => Tensor {
  if (mask === undefined || hint.rank !== 3) return (x) => x;
  checkShape(where, 'batch.mask', mask, hint.shape.slice(0, 2));
  return (x) => selected(x, mask);
}

function checkRange(where: string, { teacher }: TermShapes, hintsFrom: readonly string[]): void {
  const outside = teacher?.tapActivations?.find((name) => name !== undefined && !hintsFrom.includes(name));
  if (outside === undefined) return;
  throw new KdError({
    code: 'KD_TAP_UNSUPPORTED',
    where,
    argument: 'options.teacher',
    expected: `a layer that ends in ${hintsFrom.join(' or ')}`,
    received: `a layer that ends in ${outside}`,
    remedy: 'Use hint, which takes hints of any range.',
  });
}
