/** A kind of training step, as plain data: every peer builds the same nets from it. */
export interface Work {
  readonly name: string;
  readonly net: 'dense' | 'conv' | 'resnet';
  readonly batch: number;
  /** Units or channels of the student. */
  readonly width: number;
  readonly teacherWidth: number;
  /** Labels alone, or labels and the soft targets of a teacher that runs in the step. */
  readonly step: 'plain' | 'kd';
}

type Shape = Pick<Work, 'net' | 'batch' | 'width' | 'teacherWidth'>;

// The first two are the nets of bench:peers; ResNet-8 has the widths of the CIFAR benchmarks.
const small: readonly Shape[] = [
  { net: 'dense', batch: 128, width: 800, teacherWidth: 1200 },
  { net: 'conv', batch: 64, width: 16, teacherWidth: 32 },
  { net: 'resnet', batch: 128, width: 16, teacherWidth: 32 },
];

// Enough arithmetic in each operation to fill a GPU.
const large: readonly Shape[] = [
  { net: 'dense', batch: 1024, width: 4096, teacherWidth: 4096 },
  { net: 'conv', batch: 1024, width: 64, teacherWidth: 128 },
  { net: 'resnet', batch: 1024, width: 32, teacherWidth: 64 },
];

// For a processor that plays the GPU.
const tiny: readonly Shape[] = [
  { net: 'dense', batch: 8, width: 16, teacherWidth: 24 },
  { net: 'conv', batch: 4, width: 2, teacherWidth: 4 },
  { net: 'resnet', batch: 2, width: 2, teacherWidth: 4 },
];

function worksOf(shapes: readonly Shape[]): Work[] {
  return shapes.flatMap((shape) =>
    (['plain', 'kd'] as const).map((step) => ({
      ...shape,
      step,
      name: `${shape.net}-${String(shape.width)}-batch-${String(shape.batch)}-${step}`,
    })),
  );
}

/** The works of the peers, those with small operations first. */
export const works: Readonly<Record<'small' | 'large' | 'tiny', readonly Work[]>> = {
  small: worksOf(small),
  large: worksOf(large),
  tiny: worksOf(tiny),
};
