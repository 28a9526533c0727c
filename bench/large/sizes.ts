// What a large database holds. All of it follows from how many messages there are, so that a test can have a tiny one.

export interface Sizes {
  readonly messages: number;
  readonly users: number;
  readonly members: number;
  readonly sets: readonly ConversationSet[];
}

/** Conversations that are alike. Their messages come one after the other: the first of each, the second of each … */
export interface ConversationSet {
  readonly kind: 'private' | 'group';
  readonly conversations: number;
  readonly messages: number;
  /** Whoever writes in them: `people` users, from this one on; each conversation has its own if `step` is so many. */
  readonly people: number;
  readonly firstUser: number;
  readonly step: number;
  /** Somebody who is in each of them as well. */
  readonly busy?: number;
  readonly firstGroup?: number;
}

/** The two of the long conversation, and who is in a thousand of them. All three are in the large group. */
export const [ann, bob, busy] = [1, 2, 3] as const;
export const largeGroup = 1;
/** A private conversation of the usual size is that of these two. */
export const [cleo, dan] = [4, 5] as const;

const firstOfBusy = 10;

export function sizesOf(messages: number): Sizes {
  const share = (of: number, least: number, most: number): number =>
    Math.max(least, Math.min(most, Math.round(messages / of)));
  const users = share(500, 200, 20_000);
  const each = share(20_000, 2, 500);
  const ofBusy = { conversations: each, messages: share(10_000, 10, 1_000) };
  const firstOther = firstOfBusy + 2 * each + (each % 2);
  const pairs = Math.floor((users - firstOther) / 4);
  const others = Math.max(10, Math.floor((messages * 0.75) / 2 / pairs));
  const members = Math.min(10_000, Math.floor(users / 2));
  return {
    messages,
    users,
    members,
    sets: [
      {
        ...{ kind: 'private', conversations: 1, messages: messages / 10 },
        ...{ people: 2, firstUser: ann, step: 0 },
      },
      {
        ...{ kind: 'group', conversations: 1, messages: messages / 20 },
        ...{ people: members, firstUser: ann, step: 0, firstGroup: largeGroup },
      },
      { kind: 'private', people: 2, firstUser: firstOfBusy, step: 1, busy, ...ofBusy },
      { kind: 'group', people: 2, firstUser: firstOfBusy + each, step: 1, busy, firstGroup: 10, ...ofBusy },
      {
        ...{ kind: 'private', conversations: pairs, messages: others },
        ...{ people: 2, firstUser: firstOther, step: 4 },
      },
      {
        ...{ kind: 'group', conversations: pairs, messages: others },
        ...{ people: 4, firstUser: firstOther, step: 4, firstGroup: 10 + each },
      },
      { kind: 'private', conversations: 1, messages: 20, people: 2, firstUser: cleo, step: 0 },
    ],
  };
}
