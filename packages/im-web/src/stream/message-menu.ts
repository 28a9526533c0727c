import {
  Copy,
  Download,
  Eye,
  Flag,
  Forward,
  HardDrive,
  ListChecks,
  RotateCcwClock,
  Pencil,
  Pin,
  PinOff,
  Reply,
  RotateCcw,
} from '@lucide/vue';
import { FaceSlightlySmilingPlus, Trash, Undo2 } from '@lucide/vue';
import type { Conversation, Message } from 'im-chat';
import { configuration } from '../chat/configuration.ts';
import { compose } from '../composer/composing.ts';
import { recentEmoji } from '../composer/emoji.ts';
import { driveDialog } from '../drive/dialogs.ts';
import { confirm } from '../parts/confirm.ts';
import type { MenuItem, QuickChoices } from '../parts/menu.ts';
import { report } from '../parts/report.ts';
import { attempt, say } from '../parts/toasts.ts';
import { isRedPacket } from '../red-packets/dialogs.ts';
import { router } from '../router.ts';
import { t } from '../text/i18n.ts';
import { messageDialog } from './dialogs.ts';
import { forward, mayForward } from './forwarding.ts';
import type { Here } from './here.ts';
import { download, withFreshLinks } from './links.ts';
import { reactWith } from './react-with.ts';
import { isSelectable, select } from './selection.ts';

type Rights = Pick<Here, 'mayWrite' | 'mayPin'>;

/** What can be done with a message. */
export function messageMenu(conversation: Conversation, message: Message, rights: Rights): MenuItem[] {
  const { content, number, key, state } = message;
  if (state === 'recalled') return [];
  const items: MenuItem[] = [];
  if (state === 'failed' && message.failure?.canRetry !== false)
    items.push({ label: t('resend'), icon: RotateCcw, act: () => conversation.retry(key) });
  if (number !== undefined && rights.mayWrite())
    items.push({ label: t('reply'), icon: Reply, act: () => compose({ is: 'reply', message }) });
  if (content.type === 'text' || content.type === 'custom')
    items.push({ label: t('copy'), icon: Copy, act: () => void copy(content.text) });
  if (mayEdit(message) && rights.mayWrite())
    items.push({ label: t('edit'), icon: Pencil, act: () => compose({ is: 'edit', message }) });
  if (mayForward(message))
    items.push({ label: t('forward'), icon: Forward, act: () => forward(conversation, [message]) });
  if (isSelectable(message))
    items.push({ label: t('select'), icon: ListChecks, act: () => select(conversation, message) });
  if ((content.type === 'file' || content.type === 'image' || content.type === 'audio') && content.url) {
    const name = content.type === 'file' ? (content.name ?? '') : '';
    const act = (): void => void download(conversation, message);
    items.push({ label: t('download', { name }), icon: Download, act });
    if (configuration.drive && number !== undefined)
      items.push({ label: t('keepInDrive'), icon: HardDrive, act: () => void keep(conversation, message) });
  }
  if (!message.isMine && number !== undefined)
    items.push({
      label: t('report'),
      icon: Flag,
      act: () =>
        report({ name: message.senderName ?? '', about: { conversationId: conversation.id, number } }),
    });
  if (number === undefined)
    items.push({
      label: state === 'failed' ? t('delete') : t('cancelSending'),
      icon: Trash,
      isDangerous: true,
      act: () => void attempt(() => conversation.cancel(key)),
    });
  else items.push(...ofStored(conversation, message, number, rights));
  return items;
}

/** Of one that the platform has. That something was refused is told by the chat. */
function ofStored(conversation: Conversation, message: Message, number: number, rights: Rights): MenuItem[] {
  const { isMine, isPinned, editedAt, reactions } = message;
  const items: MenuItem[] = [];
  if (rights.mayPin())
    items.push({
      label: isPinned ? t('unpin') : t('pin'),
      icon: isPinned ? PinOff : Pin,
      act: () => void conversation.pin(number, !isPinned),
    });
  if (reactions.length > 0)
    items.push({
      label: t('whoReacted'),
      icon: FaceSlightlySmilingPlus,
      act: () => (messageDialog.value = { is: 'reactions', conversation, message }),
    });
  if (isMine && conversation.id.startsWith('group:'))
    items.push({
      label: t('whoHasRead'),
      icon: Eye,
      act: () => void router.push(`/c/${conversation.id}/m/${number}/reads`),
    });
  // What an encrypted one said before the platform does not know.
  if (editedAt !== null && !message.encryption)
    items.push({
      label: t('edits'),
      icon: RotateCcwClock,
      act: () => (messageDialog.value = { is: 'edits', conversation, message }),
    });
  // What nobody takes of it comes back by itself.
  if (isMine && !isRedPacket(message))
    items.push({ label: t('recall'), icon: Undo2, act: () => void conversation.recall(number) });
  items.push({
    label: t('deleteForMe'),
    icon: Trash,
    isDangerous: true,
    act: () => void deleteForMe(conversation, [number]),
  });
  return items;
}

/** Emoji that react with one touch. */
export function quickReactions(conversation: Conversation, message: Message): QuickChoices {
  return {
    label: t('react'),
    choices: recentEmoji().slice(0, 6),
    chosen: message.reactions.flatMap(({ emoji, isMine }) => (isMine ? [emoji] : [])),
    act: (emoji) => reactWith(conversation, message, emoji),
    more: () => (messageDialog.value = { is: 'react', conversation, message }),
  };
}

/** The platform takes it for a day, if its operator has not said otherwise. */
export function mayEdit({ isMine, number, content, sentAt }: Message): boolean {
  const isYoung = Date.now() - Date.parse(sentAt) < 24 * 3_600_000;
  return isMine && number !== undefined && content.type === 'text' && isYoung;
}

/** Asks before. Returns whether they are gone. */
export async function deleteForMe(conversation: Conversation, numbers: readonly number[]): Promise<boolean> {
  const isSure = await confirm({
    ...{ title: t('deleteForMe'), text: t('deleteForMeSure', { n: numbers.length }) },
    ...{ yes: t('delete'), isDangerous: true },
  });
  if (isSure) for (const number of numbers) void conversation.deleteForMe(number);
  return isSure;
}

export async function copy(text: string): Promise<void> {
  if (await attempt(() => navigator.clipboard.writeText(text))) say(t('copied'));
}

/** Asks where, in the drive. A picture has no name of its own. */
async function keep(conversation: Conversation, message: Message): Promise<void> {
  await attempt(async () => {
    const { content, sentAt } = await withFreshLinks(conversation, message);
    if (!('url' in content)) return;
    const { url } = content;
    const end = /\.[a-z0-9]{1,10}(?=$|\?)/i.exec(new URL(url).pathname)?.[0] ?? '';
    const made = `${sentAt.slice(0, 19).replaceAll(':', '-').replace('T', ' ')}${end}`;
    const name = content.type === 'file' ? (content.name ?? made) : made;
    driveDialog.value = { is: 'keep', what: { url, name } };
  });
}
