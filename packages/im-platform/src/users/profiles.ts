import type { Feature } from '../feature.ts';
import { ownPictures } from '../files/own-pictures.ts';
import { profileRoutes } from './profile-routes.ts';
import { ProfileService } from './profile-service.ts';

export const profiles: Feature = (app, { options, database, users, im, words }) => {
  profileRoutes(app, new ProfileService({ database, users, im, words, checkPicture: ownPictures(options) }));
};
