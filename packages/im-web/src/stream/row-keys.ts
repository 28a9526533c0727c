import type { Conversation, Message } from 'im-chat';
import { nextTick, type ShallowRef } from 'vue';
import { compose } from '../composer/composing.ts';
import { focusRow } from './focus-row.ts';
import { forward } from './forwarding.ts';
import { useHere, type Here } from './here.ts';
import { copy, deleteForMe, mayEdit } from './message-menu.ts';
import type { Row } from './rows.ts';
import { select, selectedIn } from './selection.ts';
import type { RowList } from './use-places.ts';

interface Focused {
  readonly conversation: Conversation;
  readonly message: Message;
  readonly rights: Pick<Here, 'mayWrite'>;
}

/** What a key does with the message that has the focus; false: nothing. */
function actByKey(event: KeyboardEvent, { conversation, message, rights }: Focused): boolean {
  const { number, content, state } = message;
  if (event.ctrlKey || event.metaKey || event.altKey || number === undefined || state === 'recalled')
    return false;
  const isSelecting = selectedIn(conversation.id) !== undefined;
  if (event.key === 'x' || (event.key === ' ' && isSelecting)) {
    select(conversation, message);
    return true;
  }
  // What the others do they do with one.
  if (isSelecting) return false;
  switch (event.key) {
    case 'r':
      if (rights.mayWrite()) compose({ is: 'reply', message });
      return true;
    case 'e':
      if (rights.mayWrite() && mayEdit(message)) compose({ is: 'edit', message });
      return true;
    case 'c':
      if (content.type === 'text' || content.type === 'custom') void copy(content.text);
      return true;
    case 'f':
      forward(conversation, [message]);
      return true;
    case 'Delete':
      void deleteForMe(conversation, [number]);
      return true;
    default:
      return false;
  }
}

interface Keyed {
  readonly conversation: Conversation;
  readonly rows: Readonly<ShallowRef<readonly Row[]>>;
  readonly list: Readonly<ShallowRef<RowList | null>>;
}

/** Through the messages with the keys, and what can be done with the one that has the focus. */
export function useRowKeys({ conversation, rows, list }: Keyed): {
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onMenu: (event: MouseEvent) => void;
} {
  const here = useHere();
  return {
    onKey(event) {
      if (event.target instanceof HTMLButtonElement) return;
      const focused = (document.activeElement as HTMLElement | null)?.dataset['key'];
      const at =
        focused === undefined ? rows.value.length : rows.value.findIndex(({ key }) => key === focused);
      const message = rows.value[at]?.message;
      if (message && actByKey(event, { conversation, message, rights: here })) {
        event.preventDefault();
        return;
      }
      const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.value.length - 1 }[event.key];
      if (to === undefined || !rows.value[to]) return;
      event.preventDefault();
      list.value?.scrollToIndex(to, { align: 'nearest' });
      void nextTick().then(() => {
        focusRow(rows.value[to]?.key ?? '');
      });
    },
    /** The key for menus asks the message that has the focus. */
    onMenu(event) {
      const { target } = event;
      if (!(target instanceof HTMLElement) || target.dataset['key'] === undefined) return;
      event.preventDefault();
      target.querySelector<HTMLElement>('[aria-haspopup=menu]')?.click();
    },
  };
}
