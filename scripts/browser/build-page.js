import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const page = fileURLToPath(new URL('page', import.meta.url));

/** Builds the page in a project with the packages installed. */
export async function buildPage(project) {
  cpSync(page, project, { recursive: true });
  await build({
    root: project,
    configFile: false,
    logLevel: 'error',
    build: {
      // tfjs alone exceeds the size that Vite calls large.
      chunkSizeWarningLimit: Infinity,
      // tfjs passes the source of its threaded module to workers, so a `typeof x !== 'undefined'` in it must
      // stay unchanged.
      rolldownOptions: { output: { minify: { compress: false } } },
    },
  });
}
