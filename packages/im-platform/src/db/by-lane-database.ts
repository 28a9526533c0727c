/** Things of conversations, by the database that these are in. */
export function byLaneDatabase<Thing extends { readonly conversation: string }, Place>(
  places: { of(conversation: string): Place },
  things: readonly Thing[],
): Map<Place, Thing[]> {
  const found = new Map<Place, Thing[]>();
  for (const thing of things) {
    const place = places.of(thing.conversation);
    const others = found.get(place);
    if (others) others.push(thing);
    else found.set(place, [thing]);
  }
  return found;
}

/** What `ask` finds in each of these databases, of what is in it; together. */
export async function askEach<Thing extends { readonly conversation: string }, Place, Found>(
  places: { of(conversation: string): Place },
  things: readonly Thing[],
  ask: (place: Place, things: readonly Thing[]) => Promise<readonly Found[]>,
): Promise<Found[]> {
  const asked = Array.from(byLaneDatabase(places, things), ([place, some]) => ask(place, some));
  return (await Promise.all(asked)).flat();
}
