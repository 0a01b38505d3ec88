/**
 * Runs `body` with a temporary global `navigator`. The package of tfjs's WebGPU backend needs one when it is
 * imported, but if it stays, tfjs takes the process for a browser.
 */
export async function withNavigator<T>(navigator: object, body: () => Promise<T>): Promise<T> {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  try {
    return await body();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'navigator');
    else Object.defineProperty(globalThis, 'navigator', before);
  }
}
