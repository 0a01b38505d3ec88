import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';

/**
 * Bundles a project's file for browsers with Vite and returns the path of the bundle. Fails if a @kd package
 * needs Node.
 */
export async function bundle(project, file) {
  const nodeImports = new Set();
  await build({
    root: project,
    configFile: false,
    logLevel: 'silent',
    plugins: [findNodeImports(nodeImports)],
    build: {
      outDir: join(project, 'bundle'),
      // For the stack traces of a failing smoke test.
      minify: false,
      // Needed for top-level await.
      target: 'es2022',
      // tfjs alone exceeds the size that Vite calls large.
      chunkSizeWarningLimit: Infinity,
      rolldownOptions: {
        input: join(project, file),
        output: { entryFileNames: 'smoke.mjs', format: 'es' },
      },
    },
  });
  if (nodeImports.size > 0)
    throw new Error(`The bundle imports Node modules: ${[...nodeImports].join(', ')}`);
  return join(project, 'bundle/smoke.mjs');
}

/** Vite replaces a Node module by an empty one and only warns. tfjs is known to guard its imports. */
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
