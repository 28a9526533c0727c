import { allowedAddresses, type FileAddressOptions } from './file-addresses.ts';
import { Refusal } from '../http/refusal.ts';

/** Refuses a picture from elsewhere, which would tell its owner who looks at it. The one that is there already may stay. */
export type PictureCheck = (before: string, url: string | undefined) => void;

export function ownPictures(options: FileAddressOptions): PictureCheck {
  const isAllowed = allowedAddresses(options);
  return (before, url) => {
    if (url === undefined || url === '' || url === before || isAllowed(url)) return;
    throw new Refusal('pictureFromElsewhere');
  };
}
