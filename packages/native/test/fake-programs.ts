import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes a program into a directory that serves as PATH; `body` is CommonJS and receives its arguments as
 * `args`.
 */
export async function fakeProgram(directory: string, name: string, body: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, name);
  await writeFile(
    `${file}.cjs`,
    `const args = process.argv.slice(2);
require('node:fs').appendFileSync(${JSON.stringify(`${file}.calls`)}, JSON.stringify(args) + '\\n');
${body}`,
  );
  // Node treats a file without an extension as a module if a package.json above it says so.
  await writeFile(file, `#!/bin/sh\nexec "${process.execPath}" "${file}.cjs" "$@"\n`);
  await chmod(file, 0o755);
}

/** The arguments of every call of a fake program. */
export async function callsOf(directory: string, name: string): Promise<string[][]> {
  const text = await readFile(join(directory, `${name}.calls`), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as string[]);
}

/** The wheel name that the fake Python downloads, as a real pip would name it. */
export const wheelName = 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl';

/** The body of a Python with a given pip version that "downloads" a wheel; `before` runs first. */
export function pythonWith(wheel: string, before = ''): string {
  return `
if (args.includes('--version')) console.log('pip 24.0 from /lib/pip (python 3.12)');
else {
  ${before}
  const destination = args[args.indexOf('--dest') + 1];
  require('node:fs').copyFileSync(${JSON.stringify(wheel)}, destination + '/${wheelName}');
}`;
}

/**
 * The body of a compiler that writes its output file; `before` runs first, but only for the addon, which
 * links TensorFlow.
 */
export function compilerWith(before = ''): string {
  return `
if (!args.includes('--version')) {
  if (args.includes('-l:libtensorflow_cc.so.2')) {
    ${before}
  }
  require('node:fs').writeFileSync(args[args.indexOf('-o') + 1], 'addon');
}`;
}
