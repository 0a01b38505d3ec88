// Runs every `ts` block of the documentation and compares its output with the comments under its console.log
// statements (documentation-output.ts has the rule). Blocks share one process, so this does not notice if an
// example forgets to import a backend or tfjs-layers.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { format } from 'node:util';
import { setBackend } from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { blocksFolder, documentationBlocks, fileOfBlock, writeBlocks } from './documentation-files.js';
import { expectedOutput, outputFault } from './documentation-output.js';

const blocks = documentationBlocks();
writeBlocks(blocks);

describe('documentation', () => {
  beforeEach(async () => {
    await setBackend('cpu');
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  for (const block of blocks.filter(({ runs }) => runs)) {
    it(`${block.file}:${String(block.line)}`, async () => {
      const printed: string[] = [];
      vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
        printed.push(...format(...values).split('\n'));
      });
      await import(fileOfBlock(block));
      const fault = outputFault(printed, expectedOutput(block.code));
      if (fault !== undefined) expect.fail(fault);
    });
  }

  it('type-checks', async () => {
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const messages = await new Promise<string>((resolve) => {
      execFile(process.execPath, [tsc, '-p', blocksFolder], (error, stdout, stderr) => {
        resolve(error === null ? '' : stdout + stderr || error.message);
      });
    });
    if (messages !== '') expect.fail(messages);
  });
});
