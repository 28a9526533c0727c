/** A conversation as it is with a message, whose number is its last. */
export interface ConversationNow {
  /** How many of its messages so far count for nobody. */
  readonly skipped: number;
  /** Of its last change, within its lane. */
  readonly stamp: number;
}

/**
 * What has become of the conversation with a message, for our own clients: never "one more", so that it does not matter what else they
 * have heard of. The last number is that of the message. Box-im's front ends keep it and do not look at it.
 */
export interface PushedState extends Partial<ConversationNow> {
  /** The number of the message that was taken back by this one. */
  readonly recalled?: number;
}

export function toPushedState(state: ConversationNow, recalled: number | undefined): PushedState {
  return recalled === undefined ? state : { ...state, recalled };
}
