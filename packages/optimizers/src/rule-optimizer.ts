import { dispose, engine, Optimizer } from '@tensorflow/tfjs-core';
import type { NamedTensorMap, serialization, Variable } from '@tensorflow/tfjs-core';
import { compileOption, nonNegative, stepFunctions, stepRunner } from '@kd/core';
import type {
  CompilableOptimizer,
  Compile,
  LayerwiseOptimizer,
  OptimizerState,
  ResumableOptimizer,
  Schedule,
  StepRunner,
  TimedOptimizer,
  TrainingTime,
} from '@kd/core';
import { decayRate } from './decay-rate.js';
import { forget } from './gathered.js';
import type { Gathered } from './gathered.js';
import { checkPaths, maxNormAsJson, maxNormAt, maxNormFromJson } from './max-norm-option.js';
import type { MaxNorm } from './max-norm-option.js';
import { movesOf } from './moves.js';
import type { NamedTensor } from './named-tensor.js';
import { learningRateOption } from './optimizer-options.js';
import type { OptimizerOptions } from './optimizer-options.js';
import { checkCountsSteps, scheduledAsJson, valueOf } from './scheduled-option.js';
import { checkOfAll, gatheredByName, stateByName } from './state-by-name.js';
import type { StateWeight } from './state-by-name.js';
import { claim, listOf, readList } from './state-by-position.js';
import type { Placed } from './state-by-position.js';
import { stateMismatch } from './state-mismatch.js';
import { takeStep } from './take-step.js';
import type { StepNumbers, UpdateRule } from './update-rule.js';

/** The parts of an optimizer. */
export interface OptimizerParts {
  /** The function that makes it, for messages. */
  readonly where: string;
  readonly rule: UpdateRule;
  /** All options, with their defaults. */
  readonly settings: OptimizerOptions & {
    readonly learningRate: number | Schedule;
    readonly momentum?: number | Schedule;
  };
}

/** A tfjs optimizer that follows an update rule, and accumulates values by variable. */
export abstract class RuleOptimizer
  extends Optimizer
  implements CompilableOptimizer, LayerwiseOptimizer, ResumableOptimizer, TimedOptimizer
{
  readonly #parts: OptimizerParts;
  #learningRate: number | Schedule;
  #countsSteps = false;
  /** Set by `setNames`; empty from the first step on if nobody did. */
  #names: ReadonlyMap<Variable, string> | undefined;
  #time: TrainingTime | undefined;
  #gathered = new Map<Variable, Gathered>();
  #compile: Compile = 'auto';
  #runner: StepRunner | undefined;
  /** Set by `setWeights`, until the next step shows which variables the values belong to. */
  #placed: readonly Placed[] | undefined;
  /** Returned by the last `getWeights`, whose callers free nothing. */
  #counts: NamedTensor[] = [];

  constructor(parts: OptimizerParts) {
    super();
    this.#parts = parts;
    this.#learningRate = parts.settings.learningRate;
  }

  /** η, or a schedule of it. An assignment takes effect at the next step. */
  get learningRate(): number | Schedule {
    return this.#learningRate;
  }
  set learningRate(value: number | Schedule) {
    const at = { where: this.#parts.where, argument: 'options.learningRate' };
    this.#learningRate = learningRateOption.read(at, value);
    this.#countsSteps = false;
  }

  /**
   * Sets the time of the next step; `@kd/trainer` does so before each one.
   *
   * Otherwise the optimizer counts its steps, and refuses a schedule that depends on the epoch.
   */
  setTime(time: TrainingTime): void {
    this.#time = time;
  }

  /**
   * Whether steps become single calls where the backend can, the default; `@kd/trainer` passes its own option
   * on. The numbers are the same to the bit.
   *
   * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE` for anything but "auto" and "never"
   */
  setCompile(compile: Compile): void {
    const at = { where: `${this.#parts.where}.setCompile`, argument: 'compile' };
    this.#compile = compileOption.read(at, compile);
    this.#runner?.dispose();
    this.#runner = undefined;
  }

  /**
   * Sets the names of the weights, from `namedWeights` of `@kd/model`, for `maxNorm` by layer path;
   * `@kd/trainer` does so before the first step.
   *
   * Otherwise the names are those of tfjs, which lack the models around a layer.
   *
   * @throws `KD_OPTION_RANGE` if a path of `maxNorm` leads to none of these weights
   */
  setNames(weights: readonly StateWeight[]): void {
    const { where, settings } = this.#parts;
    const names = new Map(weights.map(({ name, variable }) => [variable, name]));
    checkPaths(where, settings.maxNorm, [...names.values()]);
    this.#names = names;
  }

  /**
   * Moves variables by their gradients: all of them or, if something is wrong, none.
   *
   * @param variableGradients by the names of the variables; variables whose gradient is null do not move
   * @throws `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE` for a gradient, `KD_OPTION_RANGE`,
   *   `KD_OPTION_TYPE` for a number from a schedule, `KD_OPTION_RANGE` for an unknown path of `maxNorm`,
   *   `KD_STATE_MISMATCH` for values restored by `setWeights`
   */
  override applyGradients(variableGradients: NamedTensorMap | NamedTensor[]): void {
    const { where, rule, settings } = this.#parts;
    const { clipNorm, maxNorm } = settings;
    const moves = movesOf(where, variableGradients);
    this.#checkAlone();
    const numbers = this.#nextNumbers();
    if (this.#placed !== undefined) {
      const variables = moves.map(({ variable }) => variable);
      this.#gathered = claim(`${where}.setWeights`, this.#placed, variables);
      this.#placed = undefined;
    }
    const maxNormOf = (variable: Variable): number | undefined =>
      maxNormAt(maxNorm, this.#names?.get(variable) ?? variable.name);
    this.#runner ??= stepRunner(this.#compile === 'never' ? () => undefined : stepFunctions);
    takeStep(this.#runner, { rule, numbers, clipNorm, maxNormOf }, moves, this.#gathered);
    this.#time = undefined;
    this.incrementIterations();
  }

  /**
   * Everything accumulated so far, by the names of the weights: slots as `firstMoment/<name>`, step counts as
   * `steps/<name>`.
   *
   * @param weights names for the variables, from `namedWeights` of `@kd/model`; default: tfjs's names, which
   *   differ from model to model
   * @returns copies, which the caller disposes
   * @throws `KD_STATE_MISMATCH` if a trained variable is not among the weights
   */
  getState(weights?: readonly StateWeight[]): OptimizerState {
    const where = `${this.#parts.where}.getState`;
    if (this.#placed !== undefined) {
      throw stateMismatch(
        where,
        'the state',
        'one with known variables',
        'the state restored by setWeights, before a step',
      );
    }
    const own = [...this.#gathered.keys()].map((variable) => ({ name: variable.name, variable }));
    return stateByName(where, this.#gathered, this.iterations, weights ?? own);
  }

  /**
   * Restores a state bit for bit, in whatever order the weights are trained.
   *
   * @param state from `getState`; the caller still owns its tensors
   * @param weights names for the variables; default: tfjs's names
   * @throws `KD_STATE_MISMATCH` for the state of other weights or of another kind of optimizer; nothing
   *   changes then
   */
  setState(state: OptimizerState, weights?: readonly StateWeight[]): void {
    const { where, rule } = this.#parts;
    const registered = Object.values(engine().registeredVariables as Record<string, Variable>);
    const own = registered.map((variable) => ({ name: variable.name, variable }));
    if (weights !== undefined) checkOfAll(`${where}.setState`, state, weights);
    const gathered = gatheredByName(`${where}.setState`, state, rule.slots, weights ?? own);
    this.#forget();
    this.#gathered = gathered;
    this.iterations_ = state.numbers['steps'] as number;
  }

  /** The state as tfjs saves it with a model. The optimizer still owns the tensors. */
  override getWeights(): Promise<NamedTensor[]> {
    dispose(this.#counts.map(({ tensor }) => tensor));
    const trained = [...this.#gathered].map(([{ name }, gathered]) => ({ ...gathered, name }));
    const list = listOf(this.iterations, this.#placed ?? trained);
    this.#counts = list.slice(0, 2);
    return Promise.resolve(list);
  }

  /**
   * Restores the result of `getWeights` by the names of the variables or, if the model's variables have other
   * names, by their order.
   *
   * @throws `KD_STATE_MISMATCH`, immediately for a list of another kind of optimizer, in the next step for
   *   one of another model
   */
  override async setWeights(weightValues: NamedTensor[]): Promise<void> {
    const { where, rule } = this.#parts;
    const { steps, placed } = await readList(`${where}.setWeights`, weightValues, rule.slots);
    this.#forget();
    this.#placed = placed.length === 0 ? undefined : placed;
    this.iterations_ = steps;
  }

  /** The options as JSON. A schedule, being a function, is represented by its values at some times. */
  override getConfig(): serialization.ConfigDict {
    const { momentum, maxNorm, ...others } = this.#parts.settings;
    return {
      ...others,
      learningRate: scheduledAsJson(this.#learningRate),
      ...(momentum === undefined ? {} : { momentum: scheduledAsJson(momentum) }),
      ...(maxNorm === undefined ? {} : { maxNorm: maxNormAsJson(maxNorm) }),
    };
  }

  /** @nocollapse */
  static override fromConfig<Made extends serialization.Serializable>(
    made: serialization.SerializableConstructor<Made>,
    config: serialization.ConfigDict,
  ): Made {
    // tfjs-layers adds its own customObjects to the options.
    const options = Object.entries(config)
      .filter(([name]) => name !== 'customObjects')
      .map(
        ([name, value]) => [name, name === 'maxNorm' ? maxNormFromJson(value as MaxNorm) : value] as const,
      );
    return new made(Object.fromEntries(options));
  }

  override dispose(): void {
    this.#forget();
    dispose(this.#counts.map(({ tensor }) => tensor));
    this.#counts = [];
  }

  /** Finds in the first step what cannot work in `model.compile`, where nobody sets times and names. */
  #checkAlone(): void {
    const { where, settings } = this.#parts;
    if (this.#time === undefined && !this.#countsSteps) {
      checkCountsSteps(where, 'learningRate', this.#learningRate);
      checkCountsSteps(where, 'momentum', settings.momentum ?? 0);
      this.#countsSteps = true;
    }
    if (this.#names !== undefined) return;
    checkPaths(where, settings.maxNorm, Object.keys(engine().registeredVariables));
    this.#names = new Map();
  }

  #nextNumbers(): StepNumbers {
    const { where, settings } = this.#parts;
    const time = this.#time ?? { step: this.iterations, epoch: 0 };
    return {
      rate: valueOf(where, 'learningRate', nonNegative, this.#learningRate, time),
      momentum: valueOf(where, 'momentum', decayRate, settings.momentum ?? 0, time),
    };
  }

  #forget(): void {
    this.#runner?.dispose();
    this.#runner = undefined;
    forget([...this.#gathered.values(), ...(this.#placed ?? [])]);
    this.#gathered = new Map();
    this.#placed = undefined;
  }
}
