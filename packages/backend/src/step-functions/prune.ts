import { isControl } from './graph.js';
import type { End, Node } from './graph.js';

/** What a function consists of. */
export interface Body {
  readonly nodes: readonly Node[];
  /** Names of nodes that run although no output depends on them. */
  readonly controls: readonly string[];
}

/**
 * A function without the reads of variables that nobody uses: a step of an optimizer reads each variable
 * after it has changed. Who waits for such a read waits for what the read waits for.
 */
export function withoutUnusedReads({ nodes, controls }: Body, outputs: readonly End[]): Body {
  const used = new Set(
    [...outputs, ...nodes.flatMap(({ inputs }) => inputs)].filter((end) => !isControl(end)).map(nodeOf),
  );
  const unused = new Map(
    nodes
      .filter(({ name, op }) => op === 'ReadVariableOp' && !used.has(name))
      .map((node) => [node.name, node]),
  );
  const before = (control: string): string[] => {
    const read = unused.get(control.slice(1));
    return read === undefined ? [control] : read.inputs.filter(isControl).flatMap(before);
  };
  return {
    nodes: nodes
      .filter(({ name }) => !unused.has(name))
      .map((node) => ({
        ...node,
        inputs: node.inputs.flatMap((input) => (isControl(input) ? before(input) : [input])),
      })),
    controls: [...new Set(controls.flatMap((name) => before(`^${name}`)))].map((control) => control.slice(1)),
  };
}

function nodeOf(end: End): string {
  return end.slice(0, end.lastIndexOf(':'));
}
