// Which layers of tfjs train on cpu, on stock wasm and with the kernels of @kd/backend, and how long a step
// takes: npm run layers --workspace @kd-benchmarks/backends, which writes docs/layers-on-wasm.md
import { writeFile } from 'node:fs/promises';
import { registerTrainingKernels } from '@kd/backend';
import { layerCases, layersWithoutCase, startLayerCase } from '@kd/testing';
import type { LayerCase } from '@kd/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';

const batch = 16;
const steps = 12;
const tolerance = 1e-4;

type Outcome = { readonly ms: number; readonly values: readonly number[] } | { readonly fault: string };

/** Milliseconds of a step, the median of several, and all weights after them; or why there are none. */
async function outcomeOf(layerCase: LayerCase): Promise<Outcome> {
  const training = startLayerCase(layerCase, batch);
  try {
    const milliseconds: number[] = [];
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const start = performance.now();
      losses.push(await training.step());
      milliseconds.push(performance.now() - start);
    }
    const ms = milliseconds.toSorted((a, b) => a - b)[steps >> 1] ?? NaN;
    return { ms, values: [...losses.slice(0, 3), ...(await training.weights())] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { fault: /Kernel '(\w+)'/.exec(message)?.[1] ?? message };
  } finally {
    training.dispose();
  }
}

async function outcomesOn(backend: string): Promise<Outcome[]> {
  await setBackend(backend);
  const outcomes: Outcome[] = [];
  for (const layerCase of layerCases) outcomes.push(await outcomeOf(layerCase));
  return outcomes;
}

function cell(outcome: Outcome | undefined, reference: Outcome | undefined): string {
  if (outcome === undefined || reference === undefined || 'fault' in reference) return '';
  if ('fault' in outcome) return `lacks \`${outcome.fault}\``;
  const differs = outcome.values.some((value, index) => {
    const expected = reference.values[index] ?? NaN;
    return !(Math.abs(value - expected) <= tolerance * (1 + Math.abs(expected)));
  });
  return differs ? `${outcome.ms.toFixed(2)}, other values` : outcome.ms.toFixed(2);
}

const cpu = await outcomesOn('cpu');
const stock = await outcomesOn('wasm');
registerTrainingKernels();
const ours = await outcomesOn('wasm');

const rows = layerCases.map(({ name }, index) => {
  const milliseconds = cell(cpu[index], cpu[index]);
  return `| ${name} | ${milliseconds} | ${cell(stock[index], cpu[index])} | ${cell(ours[index], cpu[index])} |`;
});
const untrained = Object.entries(layersWithoutCase).map(([name, reason]) => `| ${name} | ${reason} |`);
const text = `# Layers that train on wasm

Milliseconds of a step of training, forward, backward and update, of a small model around each layer (batch ${String(batch)}, one
thread); "other values" where losses or weights after ${String(steps)} steps differ from those of cpu by more than ${String(tolerance)}. Written by
\`npm run layers --workspace @kd-benchmarks/backends\`.

| layer | cpu | stock wasm | wasm with \`registerTrainingKernels\` |
| --- | --- | --- | --- |
${rows.join('\n')}

Of \`upSampling2d\` and several images, stock cpu has the wrong gradient and wasm the right one: finite differences tell.

Members of \`tf.layers\` without a row:

| member | why |
| --- | --- |
${untrained.join('\n')}
`;
await writeFile(new URL('../../../docs/layers-on-wasm.md', import.meta.url), text);
console.log(text);
