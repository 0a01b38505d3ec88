import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const page = fileURLToPath(new URL('page', import.meta.url));

/** Builds the page in a project where the packages are installed. */
export async function buildPage(project) {
  cpSync(page, project, { recursive: true });
  await build({
    root: project,
    configFile: false,
    logLevel: 'error',
    build: {
      // A size that Vite calls large is what tfjs has.
      chunkSizeWarningLimit: Infinity,
      // tfjs hands the source of its threaded module to workers, where a `typeof x !== 'undefined'` has to stay what it is.
      rolldownOptions: { output: { minify: { compress: false } } },
    },
  });
}
