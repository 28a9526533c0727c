/** What a connection is doing, from the open wire to the closed one. */
export type ConnectionState =
  | { readonly kind: 'awaiting-login'; readonly since: number }
  /** Token checked, route being written; pushes wait until the login is answered. */
  | { readonly kind: 'logging-in'; readonly since: number }
  | { readonly kind: 'online' }
  /** To go to another server as soon as it has proved what it was given; has until `until` for that. */
  | { readonly kind: 'leaving'; readonly until: number; readonly goodbye: string }
  /** Told that it is logged in elsewhere; has a moment to close by itself. */
  | { readonly kind: 'kicked' }
  /** Closed by us; the wire has until `until` to go. */
  | { readonly kind: 'closing'; readonly until: number; readonly code: number }
  | { readonly kind: 'gone' };
