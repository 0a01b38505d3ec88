/**
 * Runs `body` with another global `navigator`, which it must not keep: tfjs takes a process that has a lasting one for a browser,
 * and the package of its WebGPU backend wants one when it is imported.
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
