// Measures which layers of tfjs train on cpu, on stock wasm and with the kernels of @kd/backend, and how long
// a step takes. Writes docs/layers-on-wasm.md: npm run layers --workspace @kd-benchmarks/backends
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

/** The median milliseconds per step, and all weights after the steps; or why the model cannot train. */
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

Milliseconds per training step (forward, backward and update) of a small model built around each layer, with batch size ${String(batch)} and
one thread. "Other values": losses or weights after ${String(steps)} steps differ from those on cpu by more than ${String(tolerance)}.
"Lacks": the backend has no such kernel. Written by \`npm run layers --workspace @kd-benchmarks/backends\`.

| layer | cpu | stock wasm | wasm with \`registerTrainingKernels\` |
| --- | --- | --- | --- |
${rows.join('\n')}

For \`upSampling2d\` with several images, stock cpu computes a wrong gradient and wasm the right one, as finite differences show.

Members of \`tf.layers\` that are not in the table:

| member | why |
| --- | --- |
${untrained.join('\n')}
`;
await writeFile(new URL('../../../docs/layers-on-wasm.md', import.meta.url), text);
console.log(text);
