/** Where to connect, and for how long that is true: what `GET /v1/where` of im-gateway answers, and `where()` of im-client. */
export interface Where {
  /** The best one first. */
  readonly urls: readonly string[];
  readonly ttlMs: number;
}

/** Says where to connect. `not` is where that was of no use just now: the server sends its devices elsewhere, or is away. */
export type Locate = (wish: { readonly not: string | undefined }) => string | Where | Promise<string | Where>;
