import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** The path of Chromium: the variable CHROMIUM, or the first one on PATH; undefined if there is none. */
export function findChromium({ CHROMIUM, PATH = '' } = process.env) {
  if (CHROMIUM) {
    if (!isExecutable(CHROMIUM)) throw new Error(`CHROMIUM is "${CHROMIUM}", which is not a program.`);
    return CHROMIUM;
  }
  // An empty or relative folder means the working directory.
  const folders = PATH.split(delimiter).filter(isAbsolute);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
