/** Imports a package that may be absent; a name in a variable keeps compilers and bundlers from resolving it. */
export async function importPackage(name: string): Promise<unknown> {
  return (await import(name)) as unknown;
}
