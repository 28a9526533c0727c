import { Copy, Download, Eye, RotateCcw, Trash, Undo2 } from '@lucide/vue';
import type { Conversation, Message } from 'im-chat';
import type { MenuItem } from '../parts/menu.ts';
import { attempt, say } from '../parts/toasts.ts';
import { router } from '../router.ts';
import { t } from '../text/i18n.ts';

/** What can be done with a message. */
export function messageMenu(conversation: Conversation, message: Message): MenuItem[] {
  const { content, number, key, state, isMine } = message;
  const items: MenuItem[] = [];
  if (state === 'failed' && message.failure?.canRetry !== false)
    items.push({ label: t('resend'), icon: RotateCcw, act: () => conversation.retry(key) });
  if (content.type === 'text' || content.type === 'custom')
    items.push({ label: t('copy'), icon: Copy, act: () => void copy(content.text) });
  if ((content.type === 'file' || content.type === 'image' || content.type === 'audio') && content.url) {
    const { url } = content;
    const name = content.type === 'file' ? (content.name ?? '') : '';
    items.push({ label: t('download', { name }), icon: Download, act: () => download(url, name) });
  }
  if (isMine && number !== undefined && conversation.id.startsWith('group:'))
    items.push({
      label: t('whoHasRead'),
      icon: Eye,
      act: () => void router.push(`/c/${conversation.id}/m/${number}/reads`),
    });
  if (isMine && number !== undefined && state !== 'recalled')
    items.push({
      label: t('recall'),
      icon: Undo2,
      act: () => void attempt(() => conversation.recall(number)),
    });
  if (number === undefined)
    items.push({
      label: state === 'failed' ? t('delete') : t('cancelSending'),
      icon: Trash,
      isDangerous: true,
      act: () => void attempt(() => conversation.cancel(key)),
    });
  return items;
}

async function copy(text: string): Promise<void> {
  if (await attempt(() => navigator.clipboard.writeText(text))) say(t('copied'));
}

function download(url: string, name: string): void {
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: name, target: '_blank', rel: 'noopener' });
  link.click();
}
