import type { AddressInfo, Server } from 'node:net';

/** Where clients reach us: as the options say, or else on the port that we listen on. */
export function publicUrlOf(
  server: Pick<Server, 'address'> | undefined,
  { publicUrl, port }: { readonly publicUrl?: string | undefined; readonly port: number },
): string {
  const listening = server?.address() as AddressInfo | null | undefined;
  return publicUrl ?? `http://localhost:${listening?.port ?? port}`;
}
