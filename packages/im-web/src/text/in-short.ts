import { tipIn, type Message, type Quote } from 'im-chat';
import { language, t } from './i18n.ts';

type Said = Pick<Message, 'content'>;

/** A message in a few words: for the list, for what is read aloud, for a notification. */
export function inShort({ content }: Said): string {
  switch (content.type) {
    case 'text':
    case 'custom':
      return content.text.replaceAll(/\s+/g, ' ');
    case 'notice':
      return tipIn(language.value, content.text);
    case 'image':
      return t('photo');
    case 'file':
      return content.name ?? t('file');
    case 'audio':
      return t('voiceMessage');
    case 'call':
      return [t(content.mode === 'video' ? 'videoCall' : 'voiceCall'), tipIn(language.value, content.text)]
        .filter(Boolean)
        .join(' · ');
    case 'recalled':
      return t('recalled');
    case 'encrypted':
      return t('encryptedMessage');
    case 'other':
      return t('cannotShow');
    case 'local-file':
      return content.as === 'image' ? t('photo') : content.as === 'audio' ? t('voiceMessage') : content.name;
  }
}

/** What of a message stands at one that answers it. */
export function quoteInShort({ type, text }: Quote): string {
  switch (type) {
    case 'image':
      return t('photo');
    case 'audio':
      return t('voiceMessage');
    case 'file':
      return text || t('file');
    case 'encrypted':
      return t('encryptedMessage');
    case 'other':
      return t('cannotShow');
    default:
      return text.replaceAll(/\s+/g, ' ');
  }
}
