/** A message that some page may have passed over. */
export interface LateMessage {
  readonly id: number;
  /** Whose pulls are to have it: `user:5`, `group:7`. */
  readonly audiences: readonly string[];
}

/** Where they are noted; see message-log/latecomers.ts. */
export interface LateMessages {
  isLate(id: number, highest: number): boolean;
  highestOfAll(highest: number): Promise<number>;
  note(messages: readonly LateMessage[]): Promise<void>;
  sweep(): Promise<void>;
}
