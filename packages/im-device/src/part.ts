/** What is not in the core of a device, and bundled only by those who use it. */
export interface DevicePart {
  /** What it adds to the data of each login, as it is then. */
  readonly login?: object;
  /** Logged in, here or in the tab that holds the connection. `features` says what the server can do; `say` sends a frame. */
  online(features: readonly string[], say: (cmd: number, data: unknown) => void): void;
  /** Nothing can be sent any more. May be called again. */
  offline(): void;
  /** A frame that is no message. Other tabs that share the connection hear it too, and do not hold it. */
  heard(cmd: number, data: unknown, holdsConnection: boolean): void;
  /** For good. */
  closed(): void;
}
