import type { Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { allowedAddresses, keyInAddress, type FileAddressOptions } from './file-addresses.ts';
import { nobody } from './file-key.ts';
import { withoutLink, type FileLinks } from './file-links.ts';
import type { FileRecords } from './file-records.ts';

/**
 * The address of a picture of a person or of a group, as it is stored. Refuses one from elsewhere, which would tell its owner who looks at
 * it, and others' files. The one that is there already may stay. Everybody may load it from then on.
 */
export type AcceptPicture = <Url extends string | undefined>(
  sql: Sql,
  userId: number,
  { before, url }: { readonly before: string; readonly url: Url },
) => Promise<Url | string>;

export interface OwnPicturesDeps {
  readonly options: FileAddressOptions;
  readonly links: Pick<FileLinks, 'areNeeded'>;
  readonly records: Pick<FileRecords, 'ownersOf' | 'publish'>;
}

export function ownPictures({ options, links, records }: OwnPicturesDeps): AcceptPicture {
  const isAllowed = allowedAddresses(options);
  return async (sql, userId, { before, url }) => {
    if (url === undefined || url === '' || url === before) return url;
    const plain = withoutLink(url);
    if (plain === before) return plain;
    if (!isAllowed(plain)) throw new Refusal('pictureFromElsewhere');
    const key = keyInAddress(plain);
    const owner = key === undefined ? undefined : (await records.ownersOf([key], sql)).get(key);
    if (!owner || owner.isPublic) return plain;
    if ([userId, nobody].includes(owner.userId)) await records.publish(owner.id, sql);
    else if (links.areNeeded) throw new Refusal('fileNotYours');
    return plain;
  };
}
