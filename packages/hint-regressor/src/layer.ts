import { serialization, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import { optionsOf, text, whole } from '@kd/core';
import type { FieldsOf, Options, Settings, Shape } from '@kd/core';
import { activationNamed, regressorActivation } from './regressor/activation.js';
import type { RegressorActivation } from './regressor/activation.js';
import { mapShapeOf } from './regressor/map-shape.js';
import { planOptions, planRegressor } from './regressor/plan.js';
import type { PlanOptions, RegressorPlan } from './regressor/plan.js';
import { regress, resizingConstants } from './regressor/regress.js';

/** Options of `hintRegressor`. */
export interface HintRegressorOptions extends PlanOptions {
  /** What it ends in; that of the hint layer, so that the hint can be reached. Default "linear", which reaches every hint. */
  readonly activation?: RegressorActivation;
  /** Seed of the initial kernel, a whole number; default: another kernel each time. */
  readonly seed?: number;
  /** Name of the layer; default: one that tfjs makes. */
  readonly name?: string;
}

export const hintRegressorOptions: Options<
  HintRegressorOptions,
  FieldsOf<HintRegressorOptions, 'identityWhenEqual' | 'activation'>
> = optionsOf<HintRegressorOptions>()({
  ...planOptions.fields,
  activation: regressorActivation.default('linear'),
  seed: whole(0).optional(),
  name: text.optional(),
});
const layerOptions = hintRegressorOptions.without('name');

/** Arguments of the layer `HintRegressor`. */
export interface HintRegressorConfig extends HintRegressorOptions {
  /** Shape of the hint, the batch first: `[null, 8, 8, 96]`. */
  readonly hintShape: Shape;
}

const where = 'HintRegressor';

/**
 * A serialisable layer that maps the output of a guided layer to the shape of a hint.
 *
 * `hintRegressor` makes one from two shapes; this class is what a saved model names. Its kind and parameters follow from the shape of
 * its input when it is built (Romero et al. 2015, section 2.2).
 *
 * @throws `KD_HINT_SHAPES`, when built, for shapes that cannot be mapped; `KD_TENSOR_SHAPE`, `KD_OPTION_RANGE`, `KD_OPTION_TYPE`
 *
 * @example
 * ```ts
 * import { HintRegressor } from '@kd/hint-regressor';
 * import { input, model } from '@tensorflow/tfjs-layers';
 * const guided = input({ shape: [8, 8, 16] });
 * const layer = new HintRegressor({ hintShape: [null, 4, 4, 32], activation: 'relu' });
 * const regressed = model({ inputs: guided, outputs: layer.apply(guided) as typeof guided });
 * console.log(regressed.outputs[0]?.shape.join(), layer.plan?.kind, layer.countParams());
 * // ,4,4,32 convolution 12832
 * ```
 */
export class HintRegressor extends layers.Layer {
  /** @nocollapse */
  static readonly className: string = 'HintRegressor';
  /** How the layer maps its input; undefined until it is built. */
  plan: RegressorPlan | undefined;
  private readonly hintShape: Shape;
  private readonly settings: Settings<typeof layerOptions.fields>;
  private kernel: LayerVariable | undefined;
  private bias: LayerVariable | undefined;

  constructor(config: HintRegressorConfig) {
    super({ ...config });
    // tfjs passes the options of every layer too.
    const own = Object.entries(config).filter(([name]) => Object.hasOwn(layerOptions.fields, name));
    this.settings = layerOptions.read(where, Object.fromEntries(own));
    mapShapeOf(where, 'config.hintShape', config.hintShape);
    this.hintShape = config.hintShape;
  }

  override build(inputShape: Shape | Shape[]): void {
    const plan = planRegressor(where, oneShape(inputShape), this.hintShape, this.settings);
    this.plan = plan;
    if (plan.kernelShape !== undefined) {
      const { seed } = this.settings;
      const uniform = initializers.glorotUniform(seed === undefined ? {} : { seed });
      this.kernel = this.addWeight('kernel', [...plan.kernelShape], 'float32', uniform);
      this.bias = this.addWeight('bias', [plan.teacher.channels], 'float32', initializers.zeros());
    }
    this.built = true;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const plan = this.plan as RegressorPlan;
      const tensors = {
        ...(this.kernel === undefined ? {} : { kernel: this.kernel.read() }),
        ...(this.bias === undefined ? {} : { bias: this.bias.read() }),
        ...resizingConstants(plan),
      };
      return activationNamed(this.settings.activation)(
        regress(plan, tensors, Array.isArray(inputs) ? (inputs[0] as Tensor) : inputs),
      );
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): (number | null)[] {
    const [batch = null] = oneShape(inputShape);
    return [batch, ...this.hintShape.slice(1)];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), hintShape: [...this.hintShape], ...this.settings };
  }
}

/** tfjs passes one input as itself or in an array. */
function oneShape(shapes: Shape | readonly Shape[]): Shape {
  const [first] = shapes;
  return Array.isArray(first) ? (first as Shape) : (shapes as Shape);
}

serialization.registerClass(HintRegressor, '@kd');
