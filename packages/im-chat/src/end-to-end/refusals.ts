import { ChatError } from '../errors.ts';

export function needsApproval(): ChatError {
  return new ChatError('DEVICE_NOT_SIGNED', 'Your other devices do not know this one yet.', {
    cure: 'Compare codes with one of them, or enter the recovery key.',
  });
}
