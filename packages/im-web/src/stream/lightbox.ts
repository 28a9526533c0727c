import type { Conversation, Message } from 'im-chat';
import { openLayer } from '../layout/layers.ts';
import { t } from '../text/i18n.ts';
import { localUrl, measured } from './content/local-urls.ts';
import { withFreshLinks } from './links.ts';

interface Picture {
  readonly src: string;
  readonly msrc?: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
}

function pictureOf({ key, content }: Message): Picture | undefined {
  const local = localUrl(key);
  const stored = content.type === 'image' ? content : undefined;
  const src = stored?.url ?? local;
  const { width = 800, height = 600 } = stored?.width && stored.height ? stored : (measured(key) ?? {});
  if (src === undefined) return undefined;
  return { src, ...(stored?.thumbnail && { msrc: stored.thumbnail }), alt: t('photo'), width, height };
}

/** A picture over the whole page, and from it to the others of the conversation. */
export async function openLightbox(conversation: Conversation, opened: Message): Promise<void> {
  const pictures: Picture[] = [];
  let index = 0;
  // Without a network there is what the browser has kept.
  const fresh = await Promise.all(
    conversation.get().messages.map((message) => withFreshLinks(conversation, message).catch(() => message)),
  );
  for (const message of fresh) {
    const picture = pictureOf(message);
    if (!picture) continue;
    if (message.key === opened.key) index = pictures.length;
    pictures.push(picture);
  }
  const { PhotoSwipe } = await import('./photoswipe.ts');
  const lightbox = new PhotoSwipe({
    dataSource: pictures,
    index,
    bgOpacity: 0.9,
    // While it fades in it hears no Escape and no Back.
    showHideAnimationType: 'none',
    ...{ closeTitle: t('close'), zoomTitle: t('zoom'), errorMsg: t('pictureNotLoaded') },
    ...{ arrowPrevTitle: t('pictureBefore'), arrowNextTitle: t('pictureAfter') },
  });
  const shut = openLayer(() => lightbox.close());
  lightbox.on('close', () => void shut());
  lightbox.init();
  lightbox.element?.setAttribute('aria-label', t('photo'));
}
