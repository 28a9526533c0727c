// The client of `/v1`, for browsers and Node: the types are generated from what the platform says of itself (`npm run client`),
// so that a route that changes is an error where it is called.
export { createApiClient } from './api-client.ts';
export type { ApiClient, ApiClientOptions, ApiTokens, TokenStore } from './api-client.ts';
export { ApiProblem, unwrap } from './api-problem.ts';
export type { Problem } from './api-problem.ts';
export type { components, operations, paths } from './generated-types.ts';
export { readContent } from './content.ts';
export type { WrittenMessage } from './content.ts';
export { tipIn } from './tips.ts';
export { MessageStatus, MessageType } from './message-type.ts';
