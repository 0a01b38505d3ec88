import '@tensorflow/tfjs-backend-cpu';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { startProgram } from '@kd/testing/run-script';
import { expect, it } from 'vitest';

const isInstalled = await hasTensorflow();

it.skipIf(!isInstalled)('starts with the number of threads that selectBackend receives', async () => {
  const threadsOf = async (threads: number): Promise<number> => {
    const { ending } = await startProgram(
      `import { readdirSync } from 'node:fs';
      import { selectBackend } from '@kd/backend/node';
      import { matMul, ones } from '@tensorflow/tfjs-core';
      const { device } = await selectBackend({ require: 'tensorflow', threads: ${String(threads)} });
      await matMul(ones([400, 400]), ones([400, 400])).data();
      console.log(device.split(' (')[0]);
      console.log(readdirSync('/proc/self/task').length);
      console.log((await selectBackend({ require: 'tensorflow', threads: 99 }).catch(({ code }) => code)));`,
      import.meta.dirname,
    );
    const { output } = await ending;
    const [device, tasks, code] = output.trim().split('\n');
    expect([device, code]).toEqual([`processor, ${String(threads)} threads`, 'KD_OPTION_RANGE']);
    return Number(tasks);
  };
  // Two pools: one for the parts of an operation, one for operations.
  expect((await threadsOf(5)) - (await threadsOf(2))).toBe(6);
});
