import process from 'node:process';
import { KdError } from '@kd/core';
import { createMethod } from './create-method.js';
import type { MethodRequest } from './create-method.js';

const guide = 'https://github.com/kd-js/kd/blob/main/docs/authors.md';

/** Creates a package in the current directory, and says what comes next. */
export async function run(request: () => Promise<MethodRequest | undefined>): Promise<void> {
  try {
    const wanted = await request();
    if (wanted === undefined) {
      process.exitCode = 1;
      return;
    }
    const { names, files } = await createMethod(wanted, process.cwd());
    const manager = /^(pnpm|yarn|bun)\//.exec(process.env['npm_config_user_agent'] ?? '')?.[1] ?? 'npm';
    console.log(`Wrote ${String(files.length)} files to ${names.folder}. It passes its tests as it is:

  cd ${names.folder}
  ${manager} install
  ${manager} test

Then replace the formula in src/${names.method}-loss.ts and its reference in src/${names.method}.test.ts.
The guide for authors: ${guide}
LICENSE is MIT. For another licence, replace it and "license" in package.json.`);
  } catch (error) {
    if (!KdError.isInstance(error)) throw error;
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  }
}
