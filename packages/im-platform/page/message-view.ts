import type { Chat, Message } from './chats.ts';
import { el, isHttp, timeOf } from './dom.ts';
import { Type } from './wire.ts';

export interface MessageActions {
  sendAgain(message: Message): void;
  recall(message: Message): void;
}

const recallableMs = 5 * 60_000;

/** One message of a conversation. */
export function messageView(
  chat: Chat,
  message: Message,
  isMine: boolean,
  actions: MessageActions,
): HTMLElement {
  if (message.isRecalled) {
    const who = isMine ? 'You' : message.fromName;
    return el('li', { class: 'tip' }, `${who} recalled a message`);
  }
  if (message.type === Type.TIP_TEXT) return el('li', { class: 'tip' }, message.content);
  return el(
    'li',
    { class: isMine ? 'message mine' : 'message' },
    chat.kind === 'group' && !isMine && el('span', { class: 'who' }, message.fromName),
    el(
      'div',
      { class: 'row' },
      el('div', { class: 'bubble' }, contentOf(message)),
      isMine && actionOf(message, actions),
    ),
    el(
      'span',
      { class: 'meta' },
      timeOf(message.sentAt, { full: true }),
      isMine && ` ${stateOf(chat, message)}`,
    ),
  );
}

/** The message in a line, for lists and announcements. */
export function inShort({ type, content, isRecalled, fromName }: Message): string {
  if (isRecalled) return `${fromName} recalled a message`;
  const names: Partial<Record<number, string>> = {
    [Type.IMAGE]: 'Picture',
    [Type.FILE]: 'File',
    [Type.AUDIO]: 'Voice message',
    [Type.VIDEO]: 'Video',
  };
  return names[type] ?? content;
}

function contentOf({ type, content }: Message): Node | string {
  const { thumbUrl, originUrl, url, name } = readJson(content);
  if (type === Type.IMAGE && isHttp(originUrl)) {
    const picture = el('img', {
      src: isHttp(thumbUrl) ? thumbUrl : originUrl,
      alt: 'Picture',
      loading: 'lazy',
    });
    return el('a', { href: originUrl, target: '_blank', rel: 'noopener' }, picture);
  }
  if (type === Type.AUDIO && isHttp(url)) return el('audio', { src: url, controls: true });
  if (type === Type.FILE && isHttp(url))
    return el(
      'a',
      { href: url, target: '_blank', rel: 'noopener' },
      typeof name === 'string' ? name : 'File',
    );
  return content;
}

/** Contents of pictures and files are JSON, made by whoever sent them. */
function readJson(content: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function actionOf(message: Message, actions: MessageActions): HTMLElement | undefined {
  if (message.state === 'failed')
    return el(
      'button',
      { class: 'quiet problem', onclick: () => actions.sendAgain(message) },
      'Not sent. Try again',
    );
  if (message.id === undefined || Date.now() - message.sentAt > recallableMs) return undefined;
  return el('button', { class: 'quiet recall', onclick: () => actions.recall(message) }, 'Recall');
}

function stateOf({ kind }: Chat, { state }: Message): string {
  if (state === 'sending') return '…';
  if (state === 'failed') return '';
  return kind === 'friend' && state === 'read' ? '✓ read' : '✓';
}
