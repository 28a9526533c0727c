import { filesUrlPath, isFileKey } from './file-key.ts';

export interface FileAddressOptions {
  readonly publicUrl?: string | undefined;
  /** Hosts whose files may be shown as if they were ours. */
  readonly fileHosts: readonly string[];
}

/** Whether the address is one of a file that was uploaded here, or lies on a host that is allowed. */
export type AddressCheck = (address: string) => boolean;

/** Without a `publicUrl` we are some port of localhost. */
export function allowedAddresses({ publicUrl, fileHosts }: FileAddressOptions): AddressCheck {
  const ours = publicUrl === undefined ? undefined : new URL(publicUrl);
  const isOurs = ({ protocol, host, hostname, pathname }: URL): boolean => {
    const base = ours ? ours.pathname.replace(/\/$/, '') : '';
    const isOurHost = ours ? protocol === ours.protocol && host === ours.host : hostname === 'localhost';
    return isOurHost && pathname.startsWith(base + filesUrlPath);
  };
  return (address) => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return false;
    return isOurs(url) || fileHosts.includes(url.host);
  };
}

/** The key of our file at that address, on whichever host; undefined: it is none of ours. */
export function keyInAddress(address: string): string | undefined {
  const path = URL.canParse(address) ? new URL(address).pathname : '';
  const key = path.slice(path.indexOf(filesUrlPath) + filesUrlPath.length);
  return path.includes(filesUrlPath) && isFileKey(key) ? key : undefined;
}
