import type { KickedWhy, WaitReason } from '../events.ts';

/** How a connection, or the attempt at one, ended. */
export interface Ending {
  readonly why: WaitReason;
  /** The close code; 1006 when there was none. */
  readonly code: number;
  /** The text beside the close code. */
  readonly text: string;
  /** How long it was online; 0 when it never was. */
  readonly onlineMs: number;
  /** The text of the server that logged this device out. */
  readonly kickedBy?: string | undefined;
  readonly kickedWhy?: KickedWhy;
}
