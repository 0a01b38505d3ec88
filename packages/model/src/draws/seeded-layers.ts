import { serialization, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Change } from '../with-changed.js';
import type { Draws } from './draws.js';
import { dropped, formulas } from './formulas.js';
import type { DrawingLayer } from './formulas.js';

type Call = (this: unknown, inputs: Tensor | Tensor[], kwargs: { readonly training?: boolean }) => unknown;
interface StockLayer extends DrawingLayer {
  readonly call: Call;
  invokeCallHook(inputs: Tensor | Tensor[], kwargs: object): void;
}

/**
 * What to change while a layer is applied in training with a seed, so that it draws from that seed.
 *
 * With a seed of its own, tfjs's Dropout repeats one mask for ever; without one, its masks cannot be
 * repeated. Recurrent dropout and noise layers take no seed at all. So tfjs's own layers and cells compute
 * with our draws. All other layers draw from Math.random, from which tfjs also takes every missing seed; it
 * is replaced too.
 *
 * @param parts the layer and the layers inside it
 */
export function seededLayers(parts: ReadonlySet<object>, draws: Draws): Change[] {
  const own = [...parts].filter((part) => 'rate' in part && 'seed' in part);
  return [
    { target: Math, values: { random: draws.number } },
    ...own.map((target) => ({ target, values: { seed: undefined } })),
    ...[...parts].flatMap((part) => [...seededCall(part, draws), ...seededCell(part, draws)]),
  ];
}

/** Cells of recurrent layers make all their masks by a function that an author may choose. */
function seededCell(part: object, draws: Draws): Change[] {
  if (!('dropoutFunc' in part) || part.dropoutFunc != null) return [];
  return [{ target: part, values: { dropoutFunc: (x: Tensor, rate: number) => dropped(x, rate, draws) } }];
}

function seededCall(part: object, draws: Draws): Change[] {
  const formula = formulas[stockClassOfCall(part) ?? ''];
  if (formula === undefined) return [];
  const layer = part as StockLayer;
  const { call: stock, rate } = layer;
  const drops = rate === undefined || (rate > 0 && rate < 1);
  const call: Call = (inputs, kwargs) => {
    const [x, ...others] = [inputs].flat() as [Tensor, ...Tensor[]];
    if (!drops || kwargs.training !== true || others.length > 0) return stock.call(layer, inputs, kwargs);
    return tidy(() => {
      layer.invokeCallHook(inputs, kwargs);
      return formula(layer, x, draws);
    });
  };
  return [{ target: part, values: { call } }];
}

/**
 * The name of the tfjs class whose `call` a layer has. Not by `instanceof`, for which tfjs-layers would have
 * to be loaded: a class is tfjs's if it has the name and is registered under it.
 */
function stockClassOfCall(layer: object): string | undefined {
  let owner: object | null = layer;
  while (owner !== null && !Object.hasOwn(owner, 'call'))
    owner = Object.getPrototypeOf(owner) as object | null;
  const { className } = Object(owner?.constructor) as { className?: string };
  if (className === undefined || owner === layer) return undefined;
  const { classNameMap } = serialization.SerializationMap.getMap();
  return classNameMap[className]?.[0] === owner?.constructor ? className : undefined;
}
