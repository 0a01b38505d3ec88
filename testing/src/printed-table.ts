import { vi } from 'vitest';

/** A table that a program printed, by row and column. */
export type PrintedTable = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Runs a program in this process, with environment variables for its sizes, and returns the one table that it
 * prints.
 */
export async function printedTable(
  program: () => Promise<unknown>,
  environment: Readonly<Record<string, string>>,
): Promise<PrintedTable> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.spyOn(console, 'log').mockReturnValue();
  const table = vi.spyOn(console, 'table').mockReturnValue();
  try {
    await program();
    const [[rows] = []] = table.mock.calls;
    if (table.mock.calls.length !== 1)
      throw new Error(`The program printed ${String(table.mock.calls.length)} tables instead of one.`);
    return rows as PrintedTable;
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
}
