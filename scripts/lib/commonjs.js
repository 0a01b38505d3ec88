import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packages.js';
import { run } from './run.js';

const tsc = join(root, 'node_modules/typescript/bin/tsc');
const node10 = '--module commonjs --moduleResolution node10';

/**
 * The options of tsc for a CommonJS file, and the errors that the table "TypeScript, CommonJS and Jest" of
 * README.md names for them.
 */
const compilations = [
  ['--skipLibCheck --module nodenext', []],
  ['--skipLibCheck --module node20', []],
  ['--skipLibCheck --module commonjs', []],
  ['--skipLibCheck --module node16', ['TS1479']],
  ['--skipLibCheck --module node18', ['TS1479']],
  [`--skipLibCheck ${node10}`, ['TS5107']],
  [`--skipLibCheck ${node10} --ignoreDeprecations 6.0`, ['TS2307']],
  ['--module nodenext', ['TS2304', 'TS2420']],
];

/** Writes a CommonJS file that loads the entries of a package by `require`, and returns its name. */
export function writeCommonJs(pkg, project) {
  const loads = entriesOf(pkg).map((entry) => `require('${entry}');`);
  writeFileSync(join(project, 'required.cjs'), [...loads, "console.log('works');"].join('\n'));
  return 'required.cjs';
}

/** Compiles a CommonJS file that imports a package, as README.md says, and returns the compiled one. */
export async function compileCommonJs(pkg, project) {
  const imports = entriesOf(pkg).map((entry, place) => `import * as entry${place} from '${entry}';`);
  const uses = imports.map((_, place) => `if (Object.keys(entry${place}).length === 0) throw new Error();`);
  const lines = [...imports, ...uses, "console.log('works');"];
  writeFileSync(join(project, 'imported.cts'), lines.join('\n'));
  for (const [options, expected] of compilations) {
    const printed = await compile(['--noEmit', ...options.split(' ')], project);
    const missing = expected.filter((code) => !printed.includes(code));
    if (missing.length > 0 || (expected.length === 0 && printed !== ''))
      throw new Error(
        `tsc ${options}: expected ${expected.join(' and ') || 'no error'}, but got: ${printed}`,
      );
  }
  await compile(['--skipLibCheck', '--module', 'nodenext'], project);
  return 'imported.cjs';
}

/** The entries that are loaded without optional peers. */
function entriesOf({ name, manifest }) {
  return ['.', './node'].filter((entry) => entry in manifest.exports).map((entry) => name + entry.slice(1));
}

/** What tsc prints. */
function compile(args, project) {
  const all = [tsc, '--strict', '--target', 'es2022', ...args, 'imported.cts'];
  return run(process.execPath, all, { cwd: project }).catch(({ message }) => message);
}
