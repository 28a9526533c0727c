/** Terminals that people log in on: web, app, pc. */
export const loginTerminals = [0, 1, 2] as const;

/** The terminals of a user that learn from a push what they did on this one. */
export function otherTerminals(terminal: number): number[] {
  return loginTerminals.filter((other) => other !== terminal);
}
