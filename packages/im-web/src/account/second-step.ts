import { ChatError } from 'im-chat';

/** What is shown together with the code, where all but that was right. */
export function ticketIn(error: unknown): string | undefined {
  return error instanceof ChatError ? error.ticket : undefined;
}
