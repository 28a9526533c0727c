import { ImError } from './errors.ts';

/** Why nothing listens on a host and port, in the words of its configuration. `what` is "port" or "admin port". */
export function listenError(cause: unknown, what: string, host: string, port: number): ImError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const text = `The ${what} ${port} on ${host} is in use. Stop what uses it, or choose another.`;
    return new ImError('PORT_IN_USE', text, { cause });
  }
  // An address of no interface here, a host that has no address, a port that only root may take.
  return new ImError('INVALID_OPTION', `Cannot listen on ${host}, ${what} ${port} (${message}).`, { cause });
}
