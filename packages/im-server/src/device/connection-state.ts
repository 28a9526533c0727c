/** How a device is sent to another server. */
export interface Leaving {
  readonly graceMs: number;
  readonly goodbye: string;
}

/** What a connection is doing, from the open wire to the closed one. */
export type ConnectionState =
  | { readonly kind: 'awaiting-login'; readonly since: number }
  /** Token checked, route being written; pushes wait until the login is answered. Then it may have to go to another server. */
  | { readonly kind: 'logging-in'; readonly since: number; readonly leaves?: Leaving }
  /** `leaves`: once it was written what waited for the login. */
  | { readonly kind: 'online'; readonly leaves: Leaving | undefined }
  /** To go to another server as soon as it has proved what it was given; has until `until` for that. */
  | { readonly kind: 'leaving'; readonly until: number; readonly goodbye: string }
  /** Told that it is logged in elsewhere; has a moment to close by itself. */
  | { readonly kind: 'kicked' }
  /** Closed by us; the wire has until `until` to go. `lostWith`: another code if it was kicked before. */
  | { readonly kind: 'closing'; readonly until: number; readonly code: number; readonly lostWith: number }
  | { readonly kind: 'gone'; readonly lostWith: number };
