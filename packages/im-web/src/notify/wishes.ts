import { useLocalStorage } from '@vueuse/core';
import { computed, ref } from 'vue';

// What somebody wants to be told in this browser, and how.

/** Browsers let pages notify that came by TLS, or from this machine. */
export const canNotify = isSecureContext && 'Notification' in window;
export const permission = ref<NotificationPermission>(canNotify ? Notification.permission : 'denied');
const wantsNotifications = useLocalStorage('im-web:notifications', false);
export const wantsSound = useLocalStorage('im-web:sound', true);
/** Whether somebody has been asked once: then it is theirs to say. */
export const wasAsked = useLocalStorage('im-web:notifications-asked', false);

export const notifies = computed(() => wantsNotifications.value && permission.value === 'granted');

/** Asks the browser, which asks the user: only after they have asked for it here. Returns whether they may be told. */
export async function turnOn(): Promise<boolean> {
  wasAsked.value = true;
  if (!canNotify) return false;
  permission.value = await Notification.requestPermission();
  wantsNotifications.value = permission.value === 'granted';
  return wantsNotifications.value;
}

export function turnOff(): void {
  wasAsked.value = true;
  wantsNotifications.value = false;
}

/** It may have been changed beside the page. */
export function lookAgain(): void {
  if (canNotify) permission.value = Notification.permission;
}
