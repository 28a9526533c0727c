import type { SessionRule } from 'im-common/bus';

/** Which rule holds for a terminal. */
export type RuleOf = (terminal: number) => SessionRule;

const newest: SessionRule = { most: 1, refusesNewcomers: false };

/** What the option `sessions` says; the newest login wins on terminals of which it says nothing. Its form was checked. */
export function readSessionRules(text: string | undefined): RuleOf {
  const byTerminal = new Map<number, SessionRule>();
  let otherwise = newest;
  for (const part of text?.split(',') ?? []) {
    const [rule = '', terminal] = part.split('=').reverse();
    if (terminal === undefined) otherwise = readRule(rule);
    else byTerminal.set(Number(terminal), readRule(rule));
  }
  return (terminal) => byTerminal.get(terminal) ?? otherwise;
}

function readRule(text: string): SessionRule {
  return { most: 1, refusesNewcomers: text === 'refuse' };
}
