import { preview } from 'vite';

/** With these headers a page may share memory with its workers, which the threaded wasm of tfjs needs. */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Serves a built page while `use` runs on its address. */
export async function serve(page, headers, use) {
  const server = await preview({
    ...page,
    configFile: false,
    logLevel: 'error',
    // A missing file gives 404, not the page.
    appType: 'mpa',
    // Any free port.
    preview: { host: '127.0.0.1', port: 0, headers },
  });
  try {
    return await use(server.resolvedUrls.local[0]);
  } finally {
    await server.close();
  }
}
