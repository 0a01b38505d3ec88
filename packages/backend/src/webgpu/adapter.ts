/** What is used here of `navigator.gpu`. */
export interface Gpu {
  requestAdapter(options: { powerPreference: string }): Promise<Adapter | null>;
}

/** What is used here of a `GPUAdapter`. */
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

/** What is used here of a `GPUDevice`. */
export interface Device {
  destroy(): void;
}

/** Whether an adapter computes on the processor. Older implementations do not say so, except by their names. */
export function isSoftware({ info }: Pick<Adapter, 'info'>): boolean {
  const names = [info.architecture, info.device, info.description].join(' ');
  return info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|null-backend/i.test(names);
}

/** An adapter in words. */
export function describeAdapter(adapter: Pick<Adapter, 'info'>): string {
  const { vendor, architecture, device, description } = adapter.info;
  const words = description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter';
  return isSoftware(adapter) ? `${words} (software)` : words;
}

/** The options of the device that the backend of tfjs needs: the largest sizes that the adapter has. */
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
