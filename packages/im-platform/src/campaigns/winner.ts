interface Compared {
  readonly name: string;
  readonly sent: number;
  readonly opened: number;
}

export interface Winner {
  readonly variant: string;
  readonly isSure: boolean;
}

/** Of a hundred comparisons of two that are the same five come out beyond it by chance. */
const sureFrom = 1.96;

/** Which was opened by most of those who were told, and whether that is more than chance; null: there is none yet. */
export function winnerOf(variants: readonly Compared[]): Winner | null {
  if (variants.length < 2 || variants.some(({ sent }) => sent === 0)) return null;
  const [best, second] = variants.toSorted((one, other) => rateOf(other) - rateOf(one));
  if (!best || !second || rateOf(best) === rateOf(second)) return null;
  return { variant: best.name, isSure: apart(best, second) >= sureFrom };
}

function rateOf({ sent, opened }: Compared): number {
  return opened / sent;
}

/** How many standard errors two shares are apart. */
function apart(one: Compared, other: Compared): number {
  const together = (one.opened + other.opened) / (one.sent + other.sent);
  const error = Math.sqrt(together * (1 - together) * (1 / one.sent + 1 / other.sent));
  return error === 0 ? 0 : (rateOf(one) - rateOf(other)) / error;
}
