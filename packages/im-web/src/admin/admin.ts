// All that admins see, in one piece, which nobody else loads.
export { default as AdminList } from './AdminList.vue';
export { default as AdminPage } from './AdminPage.vue';
