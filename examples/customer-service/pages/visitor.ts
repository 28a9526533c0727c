// A visitor without an account. The widget says who it is, and keeps it, so that a reload goes on where they were.
import type { Chat } from 'im-chat';
import { Desk, element, onSubmit, showMessages } from './talk.ts';

interface View {
  readonly state: 'none' | 'waiting' | 'taken' | 'closed';
  readonly place?: number;
  readonly agent?: string;
  readonly conversationId?: string;
  readonly isRated?: boolean;
}

const problem = (detail: string): void => void (element('problem').textContent = detail);
const desk = new Desk<View>(location.hash.slice(1), problem);
let chat: Promise<Chat | undefined> | undefined;
let shown: { readonly id: string; readonly end: () => void } | undefined;
let view: View = { state: 'none' };
/** What was written before there is a conversation. */
let first: string[] = [];

function sayingOf({ state, place = 0, agent = '', isRated = false }: View): string {
  if (state === 'taken') return `You are talking to ${agent}.`;
  if (state === 'waiting') return place === 1 ? 'You are next.' : `${place - 1} are before you.`;
  if (state === 'closed') return isRated ? 'Thank you! Write to ask again.' : 'It is closed. How was it?';
  return 'How can we help?';
}

async function show(next: View): Promise<void> {
  view = next;
  element('state').textContent = sayingOf(view);
  element('leave').hidden = view.state !== 'waiting' && view.state !== 'taken';
  element('rate').hidden = view.state !== 'closed' || view.isRated === true;
  const { conversationId: id } = view;
  if (id === undefined || (shown?.id === id && first.length === 0)) return;
  const its = await (chat ??= desk.chat());
  if (!its) {
    chat = undefined; // the next news tries again
    return;
  }
  const conversation = its.conversation(id);
  if (shown?.id !== id) {
    shown?.end();
    shown = { id, end: showMessages(conversation, element('messages')).end };
  }
  if (view.state !== 'closed') for (const text of first.splice(0)) conversation.send(text);
}

onSubmit('say', async ({ text = '' }) => {
  first = [...first, text];
  if (view.state === 'none' || view.state === 'closed') await desk.ask('/case');
  else await show(view);
});
onSubmit('rate', ({ stars, words }) => desk.ask('/rating', { stars: Number(stars), words }));
element('leave').addEventListener('click', () => void desk.ask('/leave'));
void desk.follow((next) => void show(next));
