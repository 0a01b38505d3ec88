import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { text } from '@kd/core';
import { readModel } from './read-model.js';
import { saveModel } from './save-model.js';

const scheme = 'file://';

type Router = Parameters<typeof io.registerSaveRouter>[0];

/**
 * Makes `model.save('file://student')` and `loadLayersModel('file://student/model.json')` work without
 * tfjs-node.
 *
 * URLs work as in tfjs-node: everything after `file://` is a path, absolute or relative to the working
 * directory, and nothing is decoded. A save takes the directory; a load takes the directory or the path of
 * model.json. `loadGraphModel` works too. Files and errors are those of `modelDirectory`. tfjs refuses a URL
 * that two routers claim, so if tfjs-node is loaded, before or after this call, its own router keeps all
 * `file://` URLs. Importing this package registers nothing.
 *
 * @returns true if this call registered something; false if an earlier call or tfjs-node already serves
 *   `file://`
 *
 * @example
 * ```ts
 * import { registerFileScheme } from '@kd/files';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers';
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * registerFileScheme();
 * const path = join(await mkdtemp(join(tmpdir(), 'kd-')), 'student');
 * const student = sequential({ layers: [layers.dense({ inputShape: [4], units: 3 })] });
 * await student.save(`file://${path}`);
 * const loaded = await loadLayersModel(`file://${path}/model.json`);
 * console.log(loaded.countParams(), registerFileScheme());
 * // 15 false
 * ```
 */
export function registerFileScheme(): boolean {
  const anyUrl = `${scheme}/model.json`;
  const saves = io.getSaveHandlers(anyUrl).length === 0;
  const loads = io.getLoadHandlers(anyUrl).length === 0;
  if (saves) io.registerSaveRouter(yieldingRouter(io.getSaveHandlers, saveHandler));
  if (loads) io.registerLoadRouter(yieldingRouter(io.getLoadHandlers, loadHandler));
  return saves || loads;
}

/** A router that declines a URL that any other router takes, such as the router of tfjs-node. */
function yieldingRouter(
  handlersOf: (url: string) => io.IOHandler[],
  handler: (path: string) => io.IOHandler,
): Router {
  let asksOthers = false;
  const route = (url: string | string[]): io.IOHandler | null => {
    if (asksOthers || typeof url !== 'string' || !url.startsWith(scheme)) return null;
    asksOthers = true;
    try {
      if (handlersOf(url).length > 0) return null;
    } finally {
      asksOthers = false;
    }
    const path = url.slice(scheme.length);
    text.read({ where: 'file://', argument: 'the path after file://' }, path);
    return handler(resolve(path));
  };
  // tfjs's type lacks the null that its registry reads as "not mine".
  return route as Router;
}

function saveHandler(directory: string): io.IOHandler {
  return { save: (artifacts) => saveModel('save to file://', directory, artifacts) };
}

function loadHandler(path: string): io.IOHandler {
  return {
    load: async () => {
      const isDirectory = await stat(path).then(
        (stats) => stats.isDirectory(),
        () => false,
      );
      return readModel('load from file://', isDirectory ? join(path, 'model.json') : path);
    },
  };
}
