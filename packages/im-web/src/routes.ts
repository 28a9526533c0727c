import type { RouteRecordRaw } from 'vue-router';
import ConversationList from './list/ConversationList.vue';
import NothingOpen from './layout/NothingOpen.vue';
import { router } from './router.ts';
import ConversationPage from './stream/ConversationPage.vue';

// Which address shows what. Beside router.ts, which everything may know; this knows everything.

const panels = {
  info: () => import('./panel/InfoPanel.vue'),
  reads: () => import('./panel/ReadersPanel.vue'),
  pinned: () => import('./panel/PinnedPanel.vue'),
  later: () => import('./later/LaterPanel.vue'),
};
const contactsList = () => import('./contacts/ContactsList.vue');
const settingsList = () => import('./settings/SettingsList.vue');

/** In one piece: the pages for who runs the platform. */
const admin = () => import('./admin/admin.ts');
const adminList = () => admin().then(({ AdminList }) => AdminList);
const adminPage = () => admin().then(({ AdminPage }) => AdminPage);

/** In one piece, too. */
const drive = () => import('./drive/drive.ts');
const driveList = () => drive().then(({ DriveList }) => DriveList);
const drivePage = () => drive().then(({ DrivePage }) => DrivePage);
const inDrive = { left: driveList, main: drivePage };

const inChats = { left: ConversationList, main: ConversationPage };

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/chats' },
  {
    path: '/login',
    components: { outside: () => import('./account/SignInPage.vue') },
    meta: { isOutside: true },
  },
  {
    path: '/register',
    components: { outside: () => import('./account/RegisterPage.vue') },
    meta: { isOutside: true },
  },
  {
    path: '/signed-in',
    components: { outside: () => import('./account/SignedInPage.vue') },
    meta: { isOutside: true },
  },
  {
    path: '/chats',
    components: { left: ConversationList, main: NothingOpen },
    meta: { area: 'chats', depth: 0 },
  },
  { path: '/c/:id', components: inChats, meta: { area: 'chats', depth: 1 } },
  { path: '/c/:id/m/:number(\\d+)', components: inChats, meta: { area: 'chats', depth: 1 } },
  {
    path: '/c/:id/info',
    components: { ...inChats, panel: panels.info },
    meta: { area: 'chats', depth: 2 },
  },
  {
    path: '/c/:id/pinned',
    components: { ...inChats, panel: panels.pinned },
    meta: { area: 'chats', depth: 2 },
  },
  {
    path: '/c/:id/later',
    components: { ...inChats, panel: panels.later },
    meta: { area: 'chats', depth: 2 },
  },
  {
    path: '/c/:id/m/:number(\\d+)/reads',
    components: { ...inChats, panel: panels.reads },
    meta: { area: 'chats', depth: 2 },
  },
  {
    path: '/contacts',
    components: { left: contactsList, main: NothingOpen },
    meta: { area: 'contacts', depth: 0 },
  },
  {
    path: '/people/:userId',
    components: { left: contactsList, main: () => import('./contacts/PersonPage.vue') },
    meta: { area: 'contacts', depth: 1 },
  },
  {
    path: '/find',
    components: { left: contactsList, main: () => import('./contacts/FindPeoplePage.vue') },
    meta: { area: 'contacts', depth: 1 },
  },
  {
    path: '/requests',
    components: { left: contactsList, main: () => import('./contacts/RequestsPage.vue') },
    meta: { area: 'contacts', depth: 1 },
  },
  {
    path: '/join/:code',
    components: { left: contactsList, main: () => import('./contacts/JoinPage.vue') },
    meta: { area: 'contacts', depth: 1 },
  },
  {
    path: '/new-group',
    components: { left: contactsList, main: () => import('./contacts/NewGroupPage.vue') },
    meta: { area: 'contacts', depth: 1 },
  },
  { path: '/drive', components: inDrive, meta: { area: 'drive', depth: 0 } },
  {
    path: '/drive/:view(mine|shared|trash|search|folder)/:id(.*)?',
    components: inDrive,
    meta: { area: 'drive', depth: 1 },
  },
  {
    path: '/settings',
    components: { left: settingsList, main: NothingOpen },
    meta: { area: 'settings', depth: 0 },
  },
  {
    path: '/settings/:part',
    components: { left: settingsList, main: () => import('./settings/SettingsPage.vue') },
    meta: { area: 'settings', depth: 1 },
  },
  {
    path: '/admin',
    components: { left: adminList, main: NothingOpen },
    meta: { area: 'settings', depth: 0 },
  },
  {
    path: '/admin/:part/:id(.*)?',
    components: { left: adminList, main: adminPage },
    meta: { area: 'settings', depth: 1 },
  },
  { path: '/:rest(.*)*', redirect: '/chats' },
];

for (const route of routes) router.addRoute(route);
