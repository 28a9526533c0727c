export { withTopics } from './topics.ts';
export type { ReloadHandler, Topics } from './topics.ts';
