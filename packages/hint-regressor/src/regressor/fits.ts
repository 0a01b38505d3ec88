import type { MapShape } from './map-shape.js';
import type { RegressorForm, RegressorKind, RegressorPlan } from './kinds.js';

type Fitted = Pick<RegressorPlan, 'form' | 'kernelShape' | 'strides' | 'padding'>;
type Fit = (student: MapShape, teacher: MapShape) => Fitted | undefined;

const plain = { strides: [1, 1], padding: 0 } as const;

/** A kernel for each position: the 1x1 convolution of a regressor. */
const times = (form: RegressorForm, student: MapShape, teacher: MapShape): Fitted => ({
  ...plain,
  form,
  kernelShape: [student.channels, teacher.channels],
});

const convolution: Fit = (student, teacher) => {
  const [height, width] = [excess(student.height, teacher.height), excess(student.width, teacher.width)];
  if (height === undefined || width === undefined) return undefined;
  const kernelShape = [height, width, student.channels, teacher.channels];
  return { ...plain, form: 'convolution', kernelShape };
};

const transposed: Fit = (student, teacher) => {
  const [rows, columns] = [stretch(student.height, teacher.height), stretch(student.width, teacher.width)];
  if (rows === undefined || columns === undefined) return undefined;
  return {
    form: 'transposed',
    kernelShape: [rows.kernel, columns.kernel, teacher.channels, student.channels],
    strides: [rows.stride, columns.stride],
    padding: 0,
  };
};

const doubling = (form: RegressorForm, kernelShape: readonly number[]): Fitted => ({
  form,
  kernelShape,
  strides: [2, 2],
  padding: 1,
});

// As in RepDistiller, which looks at heights alone: other widths than these would not fit there.
const batchNormalized: Fit = (student, teacher) => {
  if (sameSize(student, teacher)) return times('pointwise', student, teacher);
  if (isTwice(student.height, teacher.height) && isHalved(student.width, teacher.width))
    return doubling('convolution', [3, 3, student.channels, teacher.channels]);
  if (isTwice(teacher.height, student.height) && isTwice(teacher.width, student.width))
    return doubling('transposed', [4, 4, teacher.channels, student.channels]);
  return convolution(student, teacher);
};

/** What each kind requires of the two shapes, and the resulting kernel. */
export const fits: Readonly<Record<RegressorKind, { readonly needs: string; readonly fit: Fit }>> = {
  identity: {
    needs: 'equal',
    fit: (student, teacher) =>
      sameSize(student, teacher) && student.channels === teacher.channels
        ? { ...plain, form: 'identity' }
        : undefined,
  },
  pointwise: {
    needs: 'equal in height and width',
    fit: (student, teacher) =>
      sameSize(student, teacher) ? times('pointwise', student, teacher) : undefined,
  },
  convolution: {
    needs: 'known, with the student at least as high and as wide as the teacher',
    fit: convolution,
  },
  transposed: {
    needs: 'known, with the teacher at least as high and as wide as the student',
    fit: transposed,
  },
  resize: {
    needs: 'known in height and width',
    fit: (student, teacher) => {
      const sizes = [student.height, student.width, teacher.height, teacher.width];
      return sizes.includes(null) ? undefined : times('resize', student, teacher);
    },
  },
  batchNormalized: {
    needs: 'equal, or known with the student at least as large or half as large on both axes',
    fit: batchNormalized,
  },
};

export function sameSize(student: MapShape, teacher: MapShape): boolean {
  return student.height === teacher.height && student.width === teacher.width;
}

function isTwice(large: number | null, small: number | null): boolean {
  return large !== null && small !== null && large === 2 * small;
}

/** Whether a convolution of 3 positions, every second one, makes `small` of `large`. */
function isHalved(large: number | null, small: number | null): boolean {
  return large !== null && small !== null && Math.ceil(large / 2) === small;
}

/**
 * Kernel of a convolution without padding that reduces `large` to `small` (Romero et al. 2015, section 2.2).
 */
function excess(large: number | null, small: number | null): number | undefined {
  return large === null || small === null || large < small ? undefined : large - small + 1;
}

/**
 * Kernel and stride of a transposed convolution from `small` to `large`: (small - 1) stride + kernel = large,
 * kernel >= stride.
 */
function stretch(small: number | null, large: number | null): { kernel: number; stride: number } | undefined {
  if (small === null || large === null || small > large) return undefined;
  const stride = Math.floor(large / small);
  return { stride, kernel: large - (small - 1) * stride };
}
