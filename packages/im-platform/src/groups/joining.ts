/** Who comes in by a link; `joining` of a group, by its place here. */
export const joiningModes = ['closed', 'approval', 'open'] as const;
export type Joining = (typeof joiningModes)[number];

export function joiningOf({ joining }: { readonly joining: number }): Joining {
  return joiningModes[joining] ?? 'closed';
}

/** A link into a group. Whoever has its code may come in, or ask to. */
export interface GroupLink {
  readonly code: string;
  readonly groupId: number;
  readonly creatorId: number;
  readonly createdTime: number;
  /** Null: it does not end. */
  readonly endTime: number | null;
  /** Null: as many as want. */
  readonly usesLeft: number | null;
}

/** Somebody asks to be let in. */
export interface JoinRequest {
  readonly groupId: number;
  readonly userId: number;
  readonly text: string;
  readonly sentTime: number;
}

/** As who lets people in sees it. */
export interface ShownJoinRequest extends JoinRequest {
  readonly nickName: string;
  readonly headImageThumb: string;
}
