/** Somebody asks somebody to be friends. */
export interface FriendRequest {
  readonly fromId: number;
  readonly toId: number;
  /** What they say to it; empty: nothing. */
  readonly text: string;
  readonly sentTime: number;
  readonly endTime: number;
}

/** As it is shown to one of the two, with the other one's name and picture of now. */
export interface ShownRequest extends FriendRequest {
  readonly nickName: string;
  readonly headImageThumb: string;
}

/** What became of asking. */
export type Asked = 'friends' | 'asked';

/** Who is asked once is not asked again before, whatever they said: silence, too, is an answer. */
export const requestLastsMs = 14 * 86_400_000;

export const longestRequestText = 128;
