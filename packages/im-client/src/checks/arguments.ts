import { readUserId, userIdForm, type DeviceAddress } from 'im-common';
import { isTopicName, topicNameForm } from 'im-common/internal/bus';
import { invalidArgument, reasonOf, show } from 'im-common/internal/checks';

export function checkId(name: string, id: unknown): string {
  return readUserId(id) ?? refuse(name, id, userIdForm);
}

/** As strings, each once. */
export function checkIds(name: string, value: unknown, otherwise = ''): string[] {
  const ids = copyList(name, value, `a list of user ids${otherwise}`);
  const texts = ids.map((id, at) => readUserId(id) ?? refuse(`${name}[${at}]`, id, userIdForm));
  return texts.length > 1 ? [...new Set(texts)] : texts;
}

export function checkTopic(topic: unknown): string {
  return isTopicName(topic) ? topic : refuse('topic', topic, topicNameForm);
}

const terminalForm = 'a whole number of 32 bits';

export function checkTerminal(name: string, terminal: unknown): number {
  return isTerminal(terminal) ? terminal : refuse(name, terminal, terminalForm);
}

function isTerminal(terminal: unknown): terminal is number {
  return typeof terminal === 'number' && (terminal | 0) === terminal;
}

/** Each once. */
export function checkTerminals(
  name: string,
  value: unknown,
  defaults: { readonly terminals: readonly number[] },
): readonly number[] {
  if (value === undefined) return defaults.terminals;
  const terminals = copyList(name, value, 'a list of terminals').map((terminal, at) =>
    isTerminal(terminal) ? terminal : refuse(`${name}[${at}]`, terminal, terminalForm),
  );
  return terminals.length > 1 ? [...new Set(terminals)] : terminals;
}

/** Item by item: a list may have holes, which `map` leaves as they are, and change while it is read. */
export function copyList(name: string, value: unknown, expected: string): unknown[] {
  try {
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      const { length } = value;
      for (let index = 0; index < length; index += 1) items.push(value[index]);
      return items;
    }
  } catch (cause) {
    throw invalidArgument(`${name} cannot be read: ${reasonOf(cause)}.`, cause);
  }
  return refuse(name, value, expected);
}

export function refuse(name: string, value: unknown, expected: string): never {
  throw invalidArgument(`${name} is ${show(value)}; expected ${expected}.`);
}

export function addressesOf(ids: readonly string[], terminals: readonly number[]): DeviceAddress[] {
  const addresses: DeviceAddress[] = [];
  for (const id of ids) for (const terminal of terminals) addresses.push({ id, terminal });
  return addresses;
}
