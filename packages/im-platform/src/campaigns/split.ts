import { createHash } from 'node:crypto';

/** Which of the variants somebody gets: always the same one of a campaign, and of another campaign not the one beside the same people. */
export function variantOf(
  campaignId: number,
  userId: number,
  variants: readonly { readonly share: number }[],
): number {
  const hash = createHash('sha256').update(`${campaignId}:${userId}`).digest();
  let left = (hash.readUInt32BE() / 2 ** 32) * 100;
  for (const [index, { share }] of variants.entries()) {
    if (left < share) return index;
    left -= share;
  }
  return variants.length - 1;
}
