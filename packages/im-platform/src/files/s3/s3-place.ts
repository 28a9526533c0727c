/** Where files are, by the options. */
export interface S3Place {
  readonly bucket: string;
  /** Before each key; ends with a `/`, or is empty. */
  readonly prefix: string;
  readonly region: string;
  /** Undefined: Amazon's own of the region. */
  readonly endpoint: string | undefined;
  /** The bucket stands in the path instead of the host. */
  readonly isPathStyle: boolean;
  /** Undefined: where the SDK finds some. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}
