/**
 * The fitting problem: offsets for some columns of logits, in float64.
 *
 * The classes that keep their bias form one column, the reference: the probabilities of the others depend
 * only on the sum of their exponentials.
 */
export interface Problem {
  readonly rows: number;
  /** Classes whose offsets are free. */
  readonly free: readonly number[];
  /**
   * Logits of the free classes, `rows * free.length` in row-major order, each row minus its largest logit.
   */
  readonly logits: Float64Array;
  /** `log sum exp` of the logits of all other classes, one per row. */
  readonly reference: Float64Array;
  /** The teacher's mean probability of each free class, then that of all others together. */
  readonly targets: readonly number[];
  /** Mean over the rows of `sum_c p_c z_c`, over all classes. */
  readonly meanScore: number;
}

/** Logits `z` and the teacher's probabilities `p`, `[rows, classes]` in row-major order. */
export interface Outputs {
  readonly rows: number;
  readonly classes: number;
  readonly probabilities: ArrayLike<number>;
  readonly logits: ArrayLike<number>;
}

/** The problem of fitting the offsets of the classes `free`, which must not be all classes. */
export function problemOf(outputs: Outputs, free: readonly number[]): Problem {
  const { rows, classes, probabilities, logits } = outputs;
  const all = Array.from({ length: classes }, (_, index) => index);
  const others = all.filter((index) => !free.includes(index));
  const problem = {
    logits: new Float64Array(rows * free.length),
    reference: new Float64Array(rows),
    targets: new Array<number>(free.length + 1).fill(0),
  };
  let score = 0;
  for (let row = 0; row < rows; row++) {
    const z = all.map((index) => logits[row * classes + index] as number);
    const p = all.map((index) => probabilities[row * classes + index] as number);
    // Float32 probabilities sum to one only within 1e-7, an error that large logits would magnify in the
    // score.
    const mass = p.reduce((a, b) => a + b);
    const largest = z.reduce((a, b) => Math.max(a, b));
    // A class with zero probability adds nothing, however small its logit is.
    all.forEach((index) => (score += ((p[index] as number) / mass) * ((z[index] as number) - largest)));
    free.forEach((index, column) => {
      problem.logits[row * free.length + column] = (z[index] as number) - largest;
      (problem.targets[column] as number) += (p[index] as number) / mass / rows;
    });
    const ofOthers = others.map((index) => (z[index] as number) - largest);
    const top = ofOthers.reduce((a, b) => Math.max(a, b));
    problem.reference[row] = top + Math.log(ofOthers.reduce((sum, x) => sum + Math.exp(x - top), 0));
    others.forEach(
      (index) => ((problem.targets[free.length] as number) += (p[index] as number) / mass / rows),
    );
  }
  return { rows, free, ...problem, meanScore: score / rows };
}
