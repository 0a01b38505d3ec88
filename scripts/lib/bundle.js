import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';

/** Bundles a project's file for browsers with Vite; gives the path of the bundle. Fails if a @kd package needs Node. */
export async function bundle(project, file) {
  const nodeImports = new Set();
  await build({
    root: project,
    configFile: false,
    logLevel: 'silent',
    plugins: [findNodeImports(nodeImports)],
    build: {
      outDir: join(project, 'bundle'),
      // For the stack traces of a failing smoke.
      minify: false,
      // Top-level await.
      target: 'es2022',
      // A size that Vite calls large is what tfjs has.
      chunkSizeWarningLimit: Infinity,
      rolldownOptions: {
        input: join(project, file),
        output: { entryFileNames: 'smoke.mjs', format: 'es' },
      },
    },
  });
  if (nodeImports.size > 0)
    throw new Error(`Imports of Node's modules in the bundle: ${[...nodeImports].join(', ')}`);
  return join(project, 'bundle/smoke.mjs');
}

/** Vite puts an empty module in place of one of Node's, and only warns. tfjs is known to guard its own. */
function findNodeImports(found) {
  return {
    name: 'find-node-imports',
    enforce: 'pre',
    resolveId(source, importer = '') {
      const ofKd = importer.includes('/node_modules/@kd/');
      if (ofKd && (source.startsWith('node:') || builtinModules.includes(source)))
        found.add(`${source} in ${importer}`);
      return null;
    },
  };
}
