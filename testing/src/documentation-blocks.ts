/** A fenced `ts` block in a README or a doc comment. */
export interface Block {
  /** Path from the repository root. */
  readonly file: string;
  /** Line number of the first line of code, counted from 1. */
  readonly line: number;
  readonly code: string;
  /** False for a block marked `ts no-run`, which is only type-checked. */
  readonly runs: boolean;
}

/**
 * The `ts` blocks of a Markdown or TypeScript file, in order. In TypeScript it reads only doc comments: lines
 * that start with `*`.
 */
export function blocksOf(file: string, text: string): Block[] {
  const lines = text.split('\n').map(file.endsWith('.ts') ? docCommentText : (line) => line);
  const blocks: Block[] = [];
  for (let start = 0; start < lines.length; start++) {
    const fence = fenceOf(lines[start] ?? '');
    if (fence === undefined) continue;
    let end = start + 1;
    while (end < lines.length && lines[end]?.trim() !== fence.ticks) end++;
    const runs = isTypeScript(fence.info, `${file}:${String(start + 1)}`);
    if (runs !== undefined) {
      const code = lines.slice(start + 1, end).map((line) => line.replace(fence.indent, ''));
      blocks.push({ file, line: start + 2, code: code.join('\n') + '\n', runs });
    }
    start = end;
  }
  return blocks;
}

function docCommentText(line: string): string {
  return /^\s*\* ?(.*)$/.exec(line)?.[1] ?? '';
}

/** Removes the indentation of a block in a list. */
function fenceOf(line: string): { indent: RegExp; ticks: string; info: string } | undefined {
  const [, indent, ticks, info] = /^( *)(`{3,})([^`]*)$/.exec(line) ?? [];
  if (indent === undefined || ticks === undefined || info === undefined) return undefined;
  return { indent: new RegExp(`^ {0,${String(indent.length)}}`), ticks, info: info.trim() };
}

/**
 * Whether a block runs; undefined if it is not TypeScript. A misspelt mark is an error, so that no block is
 * skipped by mistake.
 */
function isTypeScript(info: string, place: string): boolean | undefined {
  if (!/^(ts|typescript)\b/i.test(info)) return undefined;
  if (info !== 'ts' && info !== 'ts no-run')
    throw new Error(`${place}: "${info}" must be "ts" or "ts no-run".`);
  return info === 'ts';
}
