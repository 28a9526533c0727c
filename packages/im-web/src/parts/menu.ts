import { shallowRef, type Component } from 'vue';

export interface MenuItem {
  readonly label: string;
  readonly icon?: Component;
  readonly isDangerous?: boolean;
  act(): void;
}

/** Signs in a row above the items, of which some are chosen. */
export interface QuickChoices {
  readonly label: string;
  readonly choices: readonly string[];
  readonly chosen: readonly string[];
  act(choice: string): void;
  /** To all there are. */
  more(): void;
}

export interface OpenMenu {
  /** What it belongs to, or a place on the screen. */
  readonly at: Element | { readonly x: number; readonly y: number };
  readonly items: readonly MenuItem[];
  readonly quick?: QuickChoices | undefined;
}

/** One menu for the whole page. */
export const menu = shallowRef<OpenMenu>();

export function openMenu(
  at: OpenMenu['at'],
  items: readonly (MenuItem | false | undefined)[],
  quick?: QuickChoices,
): void {
  const shown = items.filter((item) => item !== false && item !== undefined);
  if (shown.length > 0) menu.value = { at, items: shown, quick };
}

/** Where a menu that was asked for with the mouse or the keyboard is to be. */
export function placeOf(event: MouseEvent): OpenMenu['at'] {
  const target = event.currentTarget as Element;
  return event.clientX === 0 && event.clientY === 0 ? target : { x: event.clientX, y: event.clientY };
}
