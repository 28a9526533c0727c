import type { Judgement, StoredKind } from './entries.ts';

/** Of what was said elsewhere, long ago. */
export interface InThePast {
  /** Epoch milliseconds. */
  readonly sentTime: number;
}

/** The same, of what has a time of its own: its place follows what is there, its time stays. */
export function inThePast<Draft, Message>(
  kind: StoredKind<Draft, Message>,
): StoredKind<Draft & InThePast, Message> {
  return {
    ...kind,
    async judge(sql, drafts) {
      const judgements = await kind.judge(sql, drafts);
      return judgements.map((judgement, index): Judgement<Message> => {
        const sendTime = drafts[index]?.sentTime;
        if (!('toMessage' in judgement) || sendTime === undefined) return judgement;
        return { toMessage: (place) => judgement.toMessage({ ...place, sendTime }) };
      });
    },
  };
}
