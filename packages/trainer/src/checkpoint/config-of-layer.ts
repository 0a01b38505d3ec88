import type { PlacedLayer } from '@kd/model';
import { readableConfig } from './readable-config.js';
import { plain } from './plain.js';
import type { Json } from './plain.js';

/** Chosen anew by whoever builds the model, or replaced by the checkpoint's weights. */
const excluded = /^(name|trainable|seed|initializer|\w+Initializer)$/;

/** What a layer computes, apart from its weights. Not its name: tfjs counts its layers in it. */
export function configOfLayer(where: string, { layer, paths }: PlacedLayer): Json {
  const argument = `the layer ${JSON.stringify(paths[0] ?? layer.name)}`;
  const config = readableConfig({ where, argument }, () => plain(layer.getConfig()));
  return { class: layer.getClassName(), ...(without(config) as Record<string, Json>) };
}

function without(value: Json): Json {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !excluded.test(key));
  return Object.fromEntries(entries.map(([key, part]) => [key, without(part)]));
}
