// The page of an agent: who waits, whom they have, and a conversation with one of them. Who it is stands in the link.
import type { Conversation } from 'im-chat';
import type { Line } from '../cases.ts';
import { Desk, element, onSubmit, rowOf, showMessages, type Shown } from './talk.ts';

interface Visit {
  readonly id: string;
  readonly visitor: string;
  readonly question: string;
}
interface Own extends Visit {
  readonly conversationId?: string;
  readonly lines: readonly Line[];
}
interface View {
  readonly agent: string;
  readonly canned: readonly string[];
  readonly others: readonly string[];
  readonly queue: readonly Visit[];
  readonly cases: readonly Own[];
}

const desk = new Desk<View>(location.hash.slice(1), (detail) => (element('problem').textContent = detail));
const chat = desk.chat();
const available = element('available') as HTMLInputElement;
let view: View;
let chosen: string | undefined;
let open: { readonly id: string; readonly conversation: Conversation; readonly shown: Shown } | undefined;
let linesBefore: readonly Line[] = [];

function buttonOf(text: string, act: () => unknown): HTMLButtonElement {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
  button.addEventListener('click', () => void act());
  return button;
}

function listed(id: string, visits: readonly Visit[], verb: string, act: (visit: Visit) => unknown): void {
  const rows = visits.map((visit) => {
    const row = rowOf(visit.visitor, visit.question.slice(0, 60));
    row.setAttribute('aria-current', String(visit.id === chosen));
    row.append(
      ' ',
      buttonOf(`${verb} ${visit.visitor}`, () => act(visit)),
    );
    return row;
  });
  element(id).replaceChildren(...rows);
}

async function show(next: View): Promise<void> {
  view = next;
  element('name').textContent = view.agent;
  if (!view.cases.some(({ id }) => id === chosen)) chosen = view.cases[0]?.id;
  listed('mine', view.cases, 'Open', ({ id }) => ((chosen = id), show(view)));
  listed('queue', view.queue, 'Take', ({ id }) => ((chosen = id), desk.ask('/claim', { id })));
  const own = view.cases.find(({ id }) => id === chosen);
  if (open?.id !== own?.id) {
    open?.shown.end();
    open = undefined;
  }
  element('case').hidden = open === undefined;
  if (own?.conversationId === undefined) return;
  element('whose').textContent = `Visitor ${own.visitor}`;
  const handOver = (to: string) =>
    buttonOf(`Hand over to ${to}`, () => desk.ask('/hand-over', { id: own.id, to }));
  element('ends').replaceChildren(
    buttonOf('Close', () => desk.ask('/close', { id: own.id })),
    buttonOf('Back to the queue', () => desk.ask('/hand-over', { id: own.id })),
    ...view.others.map(handOver),
  );
  const answers = view.canned.map((text) => text.replace('{agent}', view.agent));
  element('canned').replaceChildren(
    ...answers.map((text) => buttonOf(text, () => open?.conversation.send(text))),
  );
  await openCase(own);
}

/**
 * Members of a group see what is said from when they came: what was before is the desk's to tell, which may hear of it later than the visit is given
 * to somebody.
 */
async function openCase({ id, conversationId = '', lines }: Own): Promise<void> {
  const its = await chat;
  if (!its || chosen !== id) return;
  linesBefore = lines;
  if (open) {
    open.shown.draw();
    return;
  }
  const conversation = its.conversation(conversationId);
  open = { id, conversation, shown: showMessages(conversation, element('messages'), () => linesBefore) };
  element('case').hidden = false;
}

onSubmit('say', ({ text = '' }) => open?.conversation.send(text));
const sayAvailable = (): unknown => desk.ask('/available', { isAvailable: available.checked });
available.addEventListener('change', () => void sayAvailable());
void desk.follow((next) => void show(next), sayAvailable);
