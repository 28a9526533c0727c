import type { SessionRule } from 'im-common/bus';

/** Which rule holds for a terminal. */
export type RuleOf = (terminal: number) => SessionRule;

const newest: SessionRule = { most: 1, refusesNewcomers: false };

/** Whether several sessions of a terminal may be in at once, anywhere. */
export function allowsSeveral(text: string | undefined): boolean {
  return (text?.split(',') ?? []).some((part) => readRule(part.split('=').at(-1) ?? '').most > 1);
}

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
  return { most: /^\d/.test(text) ? Number(text) : 1, refusesNewcomers: text === 'refuse' };
}
