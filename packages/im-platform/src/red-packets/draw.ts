export type Split = 'equal' | 'lucky';

/** A number from 0 up to, but not including, `sides`; each as likely as any other. */
export type Dice = (sides: number) => number;

export interface ToDraw {
  /** Whole, and at least one for each share. */
  readonly amount: number;
  readonly shares: number;
  readonly split: Split;
}

/**
 * What each share is, in the order in which they are taken; together they are the amount. Of a lucky split each is at least one and at most
 * about twice the mean of what is left when it is drawn. Whoever draws later fares a little differently, by rounding, and the last one gets
 * what is left: so they are shuffled at the end, and with that every place has the same expectation, exactly, whatever is drawn before.
 */
export function drawShares({ amount, shares, split }: ToDraw, dice: Dice): number[] {
  if (split === 'equal') return Array.from({ length: shares }, () => amount / shares);
  const drawn: number[] = [];
  let left = amount;
  for (let open = shares; open > 1; open--) {
    // Everybody after gets at least one.
    const most = Math.min(left - (open - 1), Math.max(1, Math.floor((2 * left) / open) - 1));
    const share = 1 + dice(most);
    drawn.push(share);
    left -= share;
  }
  drawn.push(left);
  return shuffle(drawn, dice);
}

/** Fisher and Yates: each order is as likely as any other. */
function shuffle(drawn: number[], dice: Dice): number[] {
  for (let last = drawn.length - 1; last > 0; last--) {
    const other = dice(last + 1);
    const kept = drawn[last] ?? 0;
    drawn[last] = drawn[other] ?? 0;
    drawn[other] = kept;
  }
  return drawn;
}
