import { Injectable } from '@nestjs/common';
import { IMListener, IMListenerType, type PrivateResult } from 'im-client';

/** Notes who was sent something and has not got it: here a mail could be written to them. */
@Injectable()
@IMListener(IMListenerType.PRIVATE_MESSAGE)
export class Missed {
  readonly users = new Set<string>();

  process(results: PrivateResult[]): void {
    // A user has a result for each of their devices.
    for (const { receiver, reason } of results) {
      if (reason === undefined) this.users.delete(receiver.id);
      else this.users.add(receiver.id);
    }
  }
}
