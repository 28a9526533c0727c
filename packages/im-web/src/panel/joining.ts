import type { components } from 'im-chat';
import { all, api, ask } from '../chat/api.ts';

type Schemas = components['schemas'];
export type Link = Schemas['Invitation'];
export type JoinRequest = Schemas['JoinRequest'];
export type InvitingGroup = Schemas['InvitingGroup'];

/** What somebody is sent to come in by. */
export function addressOf({ code }: Pick<Link, 'code'>): string {
  return `${location.origin}${location.pathname}#/join/${code}`;
}

export function linksOf(groupId: string): Promise<Link[]> {
  const path = { groupId };
  return all((query) => api.GET('/v1/groups/{groupId}/invitations', { params: { path, query } }));
}

export function makeLink(groupId: string, days: number): Promise<Link> {
  const [params, body] = [{ path: { groupId } }, days > 0 ? { days } : {}];
  return ask(api.POST('/v1/groups/{groupId}/invitations', { params, body }));
}

export async function revokeLink(groupId: string, code: string): Promise<void> {
  const params = { path: { groupId, code } };
  await ask(api.DELETE('/v1/groups/{groupId}/invitations/{code}', { params }));
}

export function joinRequestsOf(groupId: string): Promise<JoinRequest[]> {
  const path = { groupId };
  return all((query) => api.GET('/v1/groups/{groupId}/join-requests', { params: { path, query } }));
}

export async function letIn(groupId: string, userId: string): Promise<void> {
  const params = { path: { groupId, userId } };
  await ask(api.PUT('/v1/groups/{groupId}/join-requests/{userId}', { params }));
}

export async function turnDown(groupId: string, userId: string): Promise<void> {
  const params = { path: { groupId, userId } };
  await ask(api.DELETE('/v1/groups/{groupId}/join-requests/{userId}', { params }));
}
