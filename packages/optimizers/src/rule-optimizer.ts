import { dispose, engine, Optimizer } from '@tensorflow/tfjs-core';
import type { NamedTensorMap, serialization, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerState, ResumableOptimizer, Schedule, TimedOptimizer, TrainingTime } from '@kd/core';
import { forget } from './gathered.js';
import type { Gathered } from './gathered.js';
import { checkCountsSteps, learningRateOption, learningRateAsJson, learningRateAt } from './learning-rate.js';
import { movesOf } from './moves.js';
import type { NamedTensor } from './named-tensor.js';
import { checkOfAll, gatheredByName, stateByName } from './state-by-name.js';
import type { StateWeight } from './state-by-name.js';
import { claim, listOf, readList } from './state-by-position.js';
import type { Placed } from './state-by-position.js';
import { stateMismatch } from './state-mismatch.js';
import { takeStep } from './take-step.js';
import type { UpdateRule } from './update-rule.js';

/** What an optimizer is made of. */
export interface OptimizerParts {
  /** The function that makes it, for messages. */
  readonly where: string;
  readonly rule: UpdateRule;
  readonly learningRate: number | Schedule;
  readonly clipNorm: number | undefined;
  /** All options but the learning rate. */
  readonly config: Readonly<Record<string, number | boolean>>;
}

/** An optimizer of tfjs that follows an update rule, and keeps what it gathers by variable. */
export abstract class RuleOptimizer extends Optimizer implements ResumableOptimizer, TimedOptimizer {
  readonly #parts: OptimizerParts;
  #learningRate: number | Schedule;
  #countsSteps = false;
  #time: TrainingTime | undefined;
  #gathered = new Map<Variable, Gathered>();
  /** From `setWeights`, until the next step tells whose it is. */
  #placed: readonly Placed[] | undefined;
  /** Of the last `getWeights`; whoever calls it frees nothing. */
  #counts: NamedTensor[] = [];

  constructor(parts: OptimizerParts) {
    super();
    this.#parts = parts;
    this.#learningRate = parts.learningRate;
  }

  /** η, or the schedule of it. What is assigned counts from the next step on. */
  get learningRate(): number | Schedule {
    return this.#learningRate;
  }
  set learningRate(value: number | Schedule) {
    const at = { where: this.#parts.where, argument: 'options.learningRate' };
    this.#learningRate = learningRateOption.read(at, value);
    this.#countsSteps = false;
  }

  /**
   * Says at what time the next step is made; `@kd/trainer` does before each one.
   *
   * Otherwise the optimizer counts its steps, and refuses a schedule that depends on the epoch.
   */
  setTime(time: TrainingTime): void {
    this.#time = time;
  }

  /**
   * Moves variables by their gradients, all or, if something is wrong, none.
   *
   * @param variableGradients by the names of the variables; those whose gradient is null stay where they are
   * @throws `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE` for a gradient, `KD_OPTION_RANGE`, `KD_OPTION_TYPE` for a learning rate
   *   from a schedule, `KD_STATE_MISMATCH` for what `setWeights` has put back
   */
  override applyGradients(variableGradients: NamedTensorMap | NamedTensor[]): void {
    const { where, rule, clipNorm } = this.#parts;
    const moves = movesOf(where, variableGradients);
    const learningRate = this.#nextLearningRate();
    if (this.#placed !== undefined) {
      const variables = moves.map(({ variable }) => variable);
      this.#gathered = claim(`${where}.setWeights`, this.#placed, variables);
      this.#placed = undefined;
    }
    takeStep({ rule, learningRate, clipNorm }, moves, this.#gathered);
    this.#time = undefined;
    this.incrementIterations();
  }

  /**
   * All that was gathered so far, by the names of the weights: slots as `firstMoment/<name>`, numbers of steps as `steps/<name>`.
   *
   * @param weights names for the variables, as `namedWeights` of `@kd/core` gives them; default: tfjs's own, which differ from model to
   *   model
   * @returns copies; dispose them
   * @throws `KD_STATE_MISMATCH` if a variable that was trained is not among the weights
   */
  getState(weights?: readonly StateWeight[]): OptimizerState {
    const where = `${this.#parts.where}.getState`;
    if (this.#placed !== undefined) {
      throw stateMismatch(
        where,
        'the state',
        'one whose variables are known',
        'that of setWeights before a step',
      );
    }
    const own = [...this.#gathered.keys()].map((variable) => ({ name: variable.name, variable }));
    return stateByName(where, this.#gathered, this.iterations, weights ?? own);
  }

  /**
   * Puts a state back, to the bit, in whatever order the weights are trained.
   *
   * @param state from `getState`; its tensors stay the caller's
   * @param weights names for the variables; default: tfjs's own
   * @throws `KD_STATE_MISMATCH` for the state of other weights or of another kind of optimizer; then nothing has changed
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

  /** The state as tfjs saves it with a model; the tensors stay the optimizer's. */
  override getWeights(): Promise<NamedTensor[]> {
    dispose(this.#counts.map(({ tensor }) => tensor));
    const trained = [...this.#gathered].map(([{ name }, gathered]) => ({ ...gathered, name }));
    const list = listOf(this.iterations, this.#placed ?? trained);
    this.#counts = list.slice(0, 2);
    return Promise.resolve(list);
  }

  /**
   * Puts back what `getWeights` gave, by the names of the variables or, in a model whose variables have other names, by their order.
   *
   * @throws `KD_STATE_MISMATCH` for the list of another kind of optimizer at once, for one of another model in the next step
   */
  override async setWeights(weightValues: NamedTensor[]): Promise<void> {
    const { where, rule } = this.#parts;
    const { steps, placed } = await readList(`${where}.setWeights`, weightValues, rule.slots);
    this.#forget();
    this.#placed = placed.length === 0 ? undefined : placed;
    this.iterations_ = steps;
  }

  /** The options as JSON; a schedule, being a function, by its values at some times. */
  override getConfig(): serialization.ConfigDict {
    return { learningRate: learningRateAsJson(this.#learningRate), ...this.#parts.config };
  }

  /** @nocollapse */
  static override fromConfig<Made extends serialization.Serializable>(
    made: serialization.SerializableConstructor<Made>,
    config: serialization.ConfigDict,
  ): Made {
    // tfjs-layers puts its own customObjects among the options.
    const options = Object.entries(config).filter(([name]) => name !== 'customObjects');
    return new made(Object.fromEntries(options));
  }

  override dispose(): void {
    this.#forget();
    dispose(this.#counts.map(({ tensor }) => tensor));
    this.#counts = [];
  }

  #nextLearningRate(): number {
    const { where } = this.#parts;
    if (this.#time === undefined && !this.#countsSteps) {
      checkCountsSteps(where, this.#learningRate);
      this.#countsSteps = true;
    }
    return learningRateAt(where, this.#learningRate, this.#time ?? { step: this.iterations, epoch: 0 });
  }

  #forget(): void {
    forget([...this.#gathered.values(), ...(this.#placed ?? [])]);
    this.#gathered = new Map();
    this.#placed = undefined;
  }
}
