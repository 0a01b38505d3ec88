import ts from 'typescript';

/** The output that a block declares. */
export interface ExpectedOutput {
  readonly lines: readonly string[];
  /** Whether every `console.log` of the block has output lines. */
  readonly complete: boolean;
}

/**
 * The comment lines directly under the `console.log(...)` statements of a block, or after them on the same
 * line.
 *
 * An empty line separates a comment that is not output.
 */
export function expectedOutput(code: string): ExpectedOutput {
  const lines: string[] = [];
  let complete = true;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'console.log') {
      const statement = ts.isExpressionStatement(node.parent) ? node.parent : undefined;
      const expected = statement === undefined ? [] : commentLines(code.slice(statement.end));
      if (expected.length === 0) complete = false;
      lines.push(...expected);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('block.ts', code, ts.ScriptTarget.ES2022, true));
  return { lines, complete };
}

/** The text of the comment at the end of this line and of the comment lines directly under it. */
function commentLines(after: string): string[] {
  const [ofThisLine = '', ...below] = after.split('\n');
  const end = below.findIndex((line) => !line.trim().startsWith('//'));
  return [ofThisLine, ...below.slice(0, end === -1 ? below.length : end)]
    .map((line) => line.trim())
    .filter((line) => line.startsWith('//'))
    .map((line) => line.replace(/^\/\/ ?/, ''));
}

/**
 * What is wrong with the lines that a block printed, or undefined.
 *
 * If every `console.log` of the block has output lines, the printed lines must equal them. Otherwise they
 * must contain the expected lines, in order.
 */
export function outputFault(printed: readonly string[], expected: ExpectedOutput): string | undefined {
  const actual = printed.map((line) => line.trimEnd());
  const show = (lines: readonly string[]): string => lines.map((line) => `\n  // ${line}`).join('');
  if (expected.complete) {
    const equal =
      actual.length === expected.lines.length &&
      actual.every((line, index) => line === expected.lines[index]);
    return equal
      ? undefined
      : `The block says that it prints${show(expected.lines)}\nIt prints${show(actual)}`;
  }
  let from = 0;
  for (const line of expected.lines) {
    const at = actual.indexOf(line, from);
    if (at === -1)
      return `The block does not print, or not in this order${show([line])}\nIt prints${show(actual)}`;
    from = at + 1;
  }
  return undefined;
}
