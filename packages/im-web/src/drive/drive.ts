// All of the drive, in one piece, which is loaded when somebody goes there.
export { default as DriveList } from './DriveList.vue';
export { default as DrivePage } from './DrivePage.vue';
export { default as DriveDialogs } from './DriveDialogs.vue';
