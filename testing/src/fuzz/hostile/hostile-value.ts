/** Makes a hostile value in place of a valid one. */
export type HostileValues = Readonly<Record<string, (valid: unknown) => unknown>>;
