import { like } from '@kd/core';
import type { Check } from '@kd/core';

// tfjs names the weights of a layer after it, and refuses other characters there.
export const layerName: Check<string> = like(
  'letters, digits, ".", "_", "-" and "/", starting with a letter or digit',
  (name): name is string => typeof name === 'string' && name !== '',
  'Rename the layer.',
  (name) => /^[A-Za-z0-9][-A-Za-z0-9._/]*$/.test(name),
);

// Its constructor takes these for every layer, and passes them when it loads one.
const ofEveryLayer = [
  'customObjects',
  'trainable',
  'dtype',
  'inputDType',
  'inputShape',
  'batchInputShape',
  'batchSize',
  'weights',
];

/** The arguments of a layer without those that every layer of tfjs takes. */
export function ownArguments<Config>(config: Config): Config {
  if (Object.prototype.toString.call(config) !== '[object Object]') return config;
  const own = Object.entries(config as object).filter(([name]) => !ofEveryLayer.includes(name));
  return Object.fromEntries(own) as Config;
}
