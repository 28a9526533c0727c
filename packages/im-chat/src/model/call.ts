export type CallMode = 'voice' | 'video';

/** A call as both ends know it. */
export interface Call {
  /** Who is at the other end. */
  readonly userId: string;
  readonly mode: CallMode;
  /** I have called. */
  readonly isMine: boolean;
}

/** Why a call is over that was mine, or in which there was talk. */
export type CallEnd = 'hung-up' | 'declined' | 'busy' | 'not-there' | 'no-answer' | 'refused' | 'failed';

/**
 * The one call of this page. `calling`: I call; `ringing`: somebody calls; `talking` since it was taken, when the two ends begin to look for
 * each other. A call that rings and is not taken here is soon `none` again: its record is in the conversation.
 */
export type CallState =
  | { readonly kind: 'none' }
  | { readonly kind: 'calling' | 'ringing'; readonly call: Call }
  | { readonly kind: 'talking'; readonly call: Call; readonly since: number }
  | {
      readonly kind: 'over';
      readonly call: Call;
      readonly why: CallEnd;
      /** What the platform says of it, for the user; or nothing. */
      readonly detail: string;
    };

/** What is said of a call without being stored. */
export interface CallPush {
  readonly is: 'call' | 'accept' | 'reject' | 'cancel' | 'failed' | 'hang-up' | 'candidate';
  /** Myself: another device of mine. */
  readonly from: string;
  /** Of one that begins. */
  readonly mode: CallMode | undefined;
  /** What WebRTC made of an offer, an answer, or a way to reach that end. */
  readonly text: string;
}
