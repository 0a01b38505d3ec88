import { expect, it } from 'vitest';
import { addonPath, lacksAddon, napiOf } from './addon.js';

it('is searched under the newest version of Node-API that both sides support', () => {
  const binary = { napi_versions: [3, 8, 11] };
  expect([8, 9, 20].map((ofNode) => napiOf({ binary }, ofNode))).toEqual([8, 8, 11]);
  expect(addonPath(8)).toBe('lib/napi-v8/tfjs_binding.node');
});

it('is not reported missing if the package is not installed', () => {
  expect(lacksAddon('@kd/none')).toBe(false);
});
