import { tipIn, type Message, type Quote } from 'im-chat';
import { language, t } from './i18n.ts';

type Said = Pick<Message, 'content'> & Pick<Partial<Message>, 'encryption'>;

const whyNot = {
  'no-key': 'encryptedNoKey',
  unsigned: 'encryptedUnsigned',
  'changed-keys': 'encryptedChangedKeys',
  altered: 'encryptedAltered',
  'out-of-order': 'encryptedOutOfOrder',
  'not-here': 'encryptedMessage',
} as const;

/** A message in a few words: for the list, for what is read aloud, for a notification. */
export function inShort({ content, encryption }: Said): string {
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
      if (encryption?.kind === 'opening') return t('encryptedOpening');
      return t(encryption?.kind === 'unreadable' ? whyNot[encryption.why] : 'encryptedMessage');
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
