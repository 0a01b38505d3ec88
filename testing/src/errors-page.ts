import { existsSync, readdirSync } from 'node:fs';
import { format } from 'prettier';

/** The meaning of a code, and its remedy. */
export interface ErrorMeaning {
  readonly means: string;
  readonly remedy: string;
}

const packages = new URL('../../packages/', import.meta.url);

/** The codes in each package's `src/error-codes.ts`, by package. */
export async function listedCodes(): Promise<ReadonlyMap<string, Readonly<Record<string, ErrorMeaning>>>> {
  const lists = new Map<string, Readonly<Record<string, ErrorMeaning>>>();
  for (const name of readdirSync(packages)) {
    const file = new URL(`${name}/src/error-codes.ts`, packages);
    if (!existsSync(file)) continue;
    const { errorCodes } = (await import(file.href)) as { errorCodes: Record<string, ErrorMeaning> };
    lists.set(name, errorCodes);
  }
  return lists;
}

/** The page `docs/errors.md`: every code, grouped by the package that lists it. */
export async function errorsPage(): Promise<string> {
  const sections = [...(await listedCodes())].map(([name, codes]) => {
    const rows = Object.entries(codes).map(
      ([code, { means, remedy }]) => `| \`${code}\` | ${means} | ${remedy} |`,
    );
    return `## @kd/${name}\n\n| code | meaning | remedy |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  const page = `# Errors

Every error of these packages is a \`KdError\` with a stable \`code\`. A code is listed by the package whose contract it belongs to; packages that
build on it throw it too. A code is never reused for another fault. \`npm run errors\` writes this page.

${sections.join('\n')}`;
  return format(page, { parser: 'markdown', printWidth: 110, proseWrap: 'always' });
}
