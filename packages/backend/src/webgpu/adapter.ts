/** The part of `navigator.gpu` used here. */
export interface Gpu {
  requestAdapter(options: { powerPreference: string }): Promise<Adapter | null>;
}

/** The part of a `GPUAdapter` used here. */
export interface Adapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly features: ReadonlySet<string>;
  readonly limits: object;
  requestDevice(options: object): Promise<Device>;
}

/** The part of a `GPUDevice` used here. */
export interface Device {
  destroy(): void;
}

/** Whether an adapter computes on the processor. Older implementations only show it in their names. */
export function isSoftware({ info }: Pick<Adapter, 'info'>): boolean {
  const names = [info.architecture, info.device, info.description].join(' ');
  return info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|null-backend/i.test(names);
}

/** A description of an adapter. */
export function describeAdapter(adapter: Pick<Adapter, 'info'>): string {
  const { vendor, architecture, device, description } = adapter.info;
  const words = description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter';
  return isSoftware(adapter) ? `${words} (software)` : words;
}

/** The device options that tfjs's backend needs: the largest sizes that the adapter supports. */
export function limitsOf({ features, limits }: Adapter): object {
  const names = [
    'maxComputeWorkgroupStorageSize',
    'maxComputeWorkgroupsPerDimension',
    'maxStorageBufferBindingSize',
    'maxBufferSize',
    'maxComputeWorkgroupSizeX',
    'maxComputeInvocationsPerWorkgroup',
  ];
  return {
    requiredFeatures: ['timestamp-query'].filter((feature) => features.has(feature)),
    requiredLimits: Object.fromEntries(names.map((name) => [name, Reflect.get(limits, name)])),
  };
}
