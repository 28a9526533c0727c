import type { StoredMessage } from './message.ts';

/**
 * Of two states of one message the newer one, whichever was heard first. Pushes to a whole group leave out with what each reader has
 * reacted: that is kept of the newest state that says it.
 */
export function newer(known: StoredMessage, heard: StoredMessage): StoredMessage {
  const after = isOlder(heard, known) ? known : heard;
  const mine = mineStamp(heard) >= mineStamp(known) ? heard : known;
  const { mineStamp: _, ...rest } = after;
  const key = heard.key ?? known.key;
  return {
    ...rest,
    ...(key !== undefined && { key }),
    ...(mine.myReactions && { myReactions: rest.status === 'recalled' ? [] : mine.myReactions }),
    ...(mine.myReactions && mineStamp(mine) !== rest.stamp && { mineStamp: mineStamp(mine) }),
  };
}

/** What was taken back stays so. */
function isOlder(one: StoredMessage, than: StoredMessage): boolean {
  const [isGone, wasGone] = [one.status === 'recalled', than.status === 'recalled'];
  return isGone === wasGone ? one.stamp < than.stamp : wasGone;
}

function mineStamp({ stamp, myReactions, mineStamp: own }: StoredMessage): number {
  return own ?? (myReactions ? stamp : -Infinity);
}
