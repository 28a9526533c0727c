/** Of what came as JSON. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false;
  const [mine, theirs] = [Object.entries(one), other as Readonly<Record<string, unknown>>];
  return (
    mine.length === Object.keys(other).length && mine.every(([name, value]) => isEqual(value, theirs[name]))
  );
}
