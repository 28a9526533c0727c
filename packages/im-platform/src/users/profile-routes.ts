import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { id, ids, integer, name, optionalInteger, optionalText, text } from '../http/input.ts';
import { addRoute } from '../http/route.ts';
import type { ProfileService } from './profile-service.ts';
import { userVO } from './user.ts';

const tag = 'Users';

const onlineTerminalVO = z.object({ userId: z.int(), terminals: z.array(z.int()) });
/** As wide as the columns of addresses. */
const picture = optionalText({ max: [255] });

/** Contract C.3. */
export function profileRoutes(app: FastifyInstance, profiles: ProfileService): void {
  addRoute(app, {
    method: 'GET',
    url: '/user/self',
    tag,
    summary: 'Who am I',
    answer: userVO,
    handle: ({ caller }) => profiles.self(caller.userId),
  });
  addRoute(app, {
    method: 'GET',
    url: '/user/find/:id',
    tag,
    summary: 'One user; login name, presence and ban are told to friends only',
    params: z.object({ id }),
    answer: userVO,
    handle: ({ params, caller }) => profiles.find(caller.userId, params.id),
  });
  addRoute(app, {
    method: 'GET',
    url: '/user/findByName',
    tag,
    summary: 'Users whose nickname contains a text, or whose login name is it; 20 at most',
    query: z.object({ name: text({}) }),
    answer: z.array(userVO),
    handle: ({ query, caller }) => profiles.search(caller.userId, query.name),
  });
  addRoute(app, {
    method: 'PUT',
    url: '/user/update',
    tag,
    summary: 'Change my profile; what is missing stays as it is',
    body: z.object({
      id: integer('userIdRequired'),
      userName: text({ required: 'userNameRequiredForUpdate', max: [20, 'userNameTooLong'] }),
      nickName: name({ required: 'nickNameRequired', max: [20, 'nickNameTooLong'] }),
      signature: optionalText({ max: [128, 'signatureTooLong'] }),
      sex: optionalInteger().refine((sex = 0) => sex === 0 || sex === 1),
      headImage: picture,
      headImageThumb: picture,
    }),
    async handle({ body, caller }) {
      const { nickName, signature, sex, headImage, headImageThumb } = body;
      const profile = { nickName, signature, sex, headImage, headImageThumb };
      await profiles.update(caller.userId, body.id, profile);
      return null;
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/user/terminal/online',
    tag,
    summary: 'On which terminals are these friends and fellow members online; of the first 1,000 ids',
    query: z.object({ userIds: ids }),
    answer: z.array(onlineTerminalVO),
    handle: ({ query, caller }) => profiles.online(caller.userId, query.userIds),
  });
}
