import { Refusal } from './http/refusal.ts';

/** Refuses a picture from elsewhere, which would tell its owner who looks at it. The one that is there already may stay. */
export type PictureCheck = (before: string, url: string | undefined) => void;

/** Addresses of uploaded files begin with ours, which without a `publicUrl` is some port of localhost. */
export function ownPictures({ publicUrl }: { readonly publicUrl?: string | undefined }): PictureCheck {
  const isOurs =
    publicUrl === undefined
      ? (url: string) => /^http:\/\/localhost:\d+\//.test(url)
      : (url: string) => url.startsWith(`${publicUrl}/`);
  return (before, url) => {
    if (url === undefined || url === '' || url === before || isOurs(url)) return;
    throw new Refusal('pictureFromElsewhere');
  };
}
