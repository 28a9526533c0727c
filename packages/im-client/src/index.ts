export { createImClient, ImClient } from './client.ts';
export type { CapacityOptions } from './calls/calls.ts';
export type {
  DeadLetter,
  DeadLetterPage,
  DeadLetters,
  DeadLettersOf,
  ReadDeadLettersOptions,
  ReplayedDeadLetters,
  WhichDeadLetters,
} from './dead-letters.ts';
export type { ImClientEvents, ListenerFailure } from './events.ts';
export type { ForceLogoutOptions } from './ask/force-logout.ts';
export { jsonText } from './send/json-text.ts';
export type { JsonText } from './send/json-text.ts';
export { hasListeners } from './listen/decorated.ts';
export { IMListener } from './listen/im-listener.ts';
export type { MessageTypes, ResultHandler } from './listen/handler-types.ts';
export type { ListenerContext } from './listen/listener-queue.ts';
export { IMListenerType } from './listen/listener-type.ts';
export type { ListenKind } from './listen/listener-type.ts';
export type {
  PresenceChange,
  PresenceContext,
  PresenceEvent,
  PresenceHandler,
  PresenceListenerOptions,
  PresenceRestart,
} from './presence/presence-event.ts';
export type { EndSessionOptions, SessionsOptions, UserSession, WhichSession } from './ask/sessions.ts';
export type { OnlineDevice } from './ask/online-devices.ts';
export { OnResult } from './listen/on-result.ts';
export type { OnResultDecorator } from './listen/on-result.ts';
export { imClientDefaults } from './options.ts';
export type { ImClientOptions, ListenerOptions } from './options.ts';
export type {
  GroupResult,
  ImResult,
  KeptResult,
  ListenerResult,
  PrivateResult,
  ReceiverOfBatch,
  SystemResult,
} from './listen/result.ts';
export type { RevokeTokensOptions } from './ask/revoke-tokens.ts';
export type {
  GroupMessage,
  Keep,
  PrivateMessage,
  Sender,
  SystemMessage,
  TopicMessage,
} from './send/message.ts';
export { Topics } from './topics/topics.ts';
export type { OnlinePage, TopicChangeReceipt } from './topics/topics.ts';
export type {
  AwaitResultsOptions,
  KnownOutcomes,
  Receipt,
  ReceiverOutcome,
  ServerOutcome,
} from './send/receipt.ts';
export { UplinkRefusal } from './uplink/uplink-handler.ts';
export type { DeviceRequest } from './uplink/request-desk.ts';
export type { Uplink, UplinkHandler } from './uplink/uplink-handler.ts';
export type { SendOptions } from './send/sender.ts';
export type { ServerStatus, Where, WhereOptions } from './ask/servers.ts';
export type { MetricRegistry } from 'im-common/internal/metrics';
export { ImError, Terminal } from 'im-common';
export type { DeviceAddress, Effect, ImErrorCode, Logger, UserId } from 'im-common';
export { ResultCode } from 'im-common/bus';
export type { Reason, Stage } from 'im-common/bus';
