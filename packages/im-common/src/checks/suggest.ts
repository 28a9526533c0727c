/** The end of a sentence about an unknown word; `otherwise` when no other is near. */
export function suggestion(word: string, candidates: readonly string[], otherwise: string): string {
  const near = nearest(word, candidates);
  return near === undefined ? otherwise : `; did you mean ${near}?`;
}

/** The candidate that a slip of the pen makes this word of; `--admin_port` and `adminPort` are the same word. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  // Nobody slips into a word this long, and the time grows with its length.
  if (word.length > longestWord) return undefined;
  const slips = Math.min(3, Math.max(1, Math.floor(letters(word).length / 3)));
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(letters(word), letters(candidate)) }))
    .filter(({ distance }) => distance <= slips)
    .sort((one, other) => one.distance - other.distance)[0]?.candidate;
}

const longestWord = 60;

function letters(word: string): string {
  return word.toLowerCase().replace(/[^a-z\d]/g, '');
}

/** Letters to insert, delete, replace or swap with their neighbour to get from one word to the other. */
function editDistance(from: string, to: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[line - 1] === to[column - 1];
      const isSwapped = from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1];
      next.push(
        Math.min(
          at(row, column - 1) + (isSame ? 0 : 1),
          at(row, column) + 1,
          at(next, column - 1) + 1,
          isSwapped ? at(before, column - 2) + 1 : Infinity,
        ),
      );
    }
    [before, row] = [row, next];
  }
  return at(row, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
