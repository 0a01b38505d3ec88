import { dispose, engine, keep, Tensor, tensor_util, tidy, Variable } from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import { describeValue, KdError, subSeed } from '@kd/core';
import type { Infos, LayerLike, Module, NamedWeight, Part, Parts } from '@kd/core';
import { isBuiltLayer, penaltiesOfLayer, weightsOfLayer } from '@kd/model';

/** A built module, and what the training does with it. */
export interface BuiltModule {
  readonly module: Module;
  readonly parts: Parts;
  /** Its variables and the weights of its layers, under `<module>/<part>`. */
  readonly weights: readonly NamedWeight[];
  /** Its tensors that never change. */
  readonly constants: readonly Tensor[];
  /** The regularisers that its layers declare. */
  readonly penalties: () => Scalar[];
  readonly dispose: () => void;
}

/** The modules of a training by name; whoever makes the store disposes them. */
export type ModuleStore = Map<string, BuiltModule>;

/** The module from the store, where it is built if it is not there yet. */
export function builtModule(
  store: ModuleStore,
  module: Module,
  infos: () => Infos,
  seed: number,
): BuiltModule {
  const known = store.get(module.name);
  if (known?.module.build === module.build) return known;
  if (known !== undefined) throw twice(module.name);
  const built = build(module, { ...infos(), seed: subSeed(seed, 'module', module.name) });
  store.set(module.name, built);
  return built;
}

/** The error for two modules, or a module and a layer, of one name. */
export function twice(name: string): KdError {
  return new KdError({
    code: 'KD_TERM_DUPLICATE',
    where: 'buildObjective',
    argument: 'the name of each module',
    expected: "unique, and different from the names of the student's layers",
    received: `${JSON.stringify(name)} twice`,
    remedy: 'Give the module another name.',
  });
}

function build(module: Module, infos: Parameters<Module['build']>[0]): BuiltModule {
  const before = new Set(variables());
  let constants: Tensor[] = [];
  try {
    const made = tidy(() => {
      const parts = module.build(infos);
      for (const { part, name } of partsOf(module.name, parts)) checkPart(module, name, part);
      constants = constantsIn(parts);
      for (const constant of constants) keep(constant);
      return parts as unknown as Tensor;
    }) as unknown as Parts;
    return describe(module, made, constants);
  } catch (error) {
    for (const variable of variables()) if (!before.has(variable)) variable.dispose();
    throw error;
  }
}

/** The tensors made in this tidy that are parts, or that layers among them hold: tidy keeps those too. */
function constantsIn(parts: Parts): Tensor[] {
  const { id } = engine().state.activeScope;
  const held = tensor_util.getTensorsInContainer(parts as unknown as Tensor);
  return held.filter((one) => !(one instanceof Variable) && one.scopeId === id);
}

function variables(): Variable[] {
  return Object.values(engine().state.registeredVariables);
}

function describe(module: Module, parts: Parts, constants: readonly Tensor[]): BuiltModule {
  const all = partsOf(module.name, parts);
  const layers = all.flatMap(({ part, name }) => (isLayer(part) ? [{ layer: part, name }] : []));
  const seen = new Set<Variable>();
  const weights = [
    ...all.flatMap(({ part, name }) =>
      part instanceof Variable
        ? [{ name, variable: part, trainable: part.trainable, paths: [name, module.name] }]
        : [],
    ),
    ...layers.flatMap(({ layer, name }) => weightsOfLayer(layer, name, [name, module.name])),
    // An encoder may also be part of the autoencoder beside it.
  ].filter(({ variable }) => !seen.has(variable) && seen.add(variable));
  return {
    module,
    parts,
    weights,
    constants,
    penalties: () => layers.flatMap(({ layer }) => penaltiesOfLayer(layer)),
    dispose: () => {
      // Not layer.dispose, which throws if a layer has never run, or is part of two models.
      dispose([...weights.map(({ variable }) => variable), ...constants]);
    },
  };
}

/** Every part of a module, those of lists one by one, with its name in checkpoints. */
function partsOf(module: string, parts: Parts): { readonly name: string; readonly part: Part }[] {
  return Object.entries(parts).flatMap(([key, part]) => {
    const name = `${module}/${key}`;
    if (!Array.isArray(part)) return [{ name, part: part as Part }];
    return (part as readonly Part[]).map((one, index) => ({ name: `${name}/${String(index)}`, part: one }));
  });
}

/** Whether a part is a layer or model. */
export function isLayer(part: unknown): part is LayerLike {
  return (
    typeof (Object(part) as { readonly apply?: unknown }).apply === 'function' && typeof part !== 'function'
  );
}

function checkPart({ name: module }: Module, name: string, part: unknown): void {
  if (part instanceof Tensor || typeof part === 'function') return;
  if (isLayer(part) && isBuiltLayer(part)) return;
  throw new KdError({
    code: 'KD_TERM_INVALID',
    where: `the module ${JSON.stringify(module)}`,
    argument: name,
    expected: isLayer(part) ? 'built, with its weights' : 'a variable, a tensor, a layer or a function',
    received: isLayer(part) ? `the layer ${JSON.stringify(part.name)}, which is not` : describeValue(part),
    remedy: isLayer(part)
      ? 'Give its first layer an inputShape in a sequential model, or call layer.build(shape).'
      : 'Keep numbers and strings in the closure of build.',
  });
}
