/**
 * Imports a package that may be absent; with the name in a variable, compilers and bundlers do not resolve
 * it.
 */
export async function importPackage(name: string): Promise<unknown> {
  return (await import(name)) as unknown;
}
