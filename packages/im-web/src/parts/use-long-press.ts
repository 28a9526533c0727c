const afterMs = 450;
const mostMove = 8;

interface Press {
  readonly onTouchstart: (event: TouchEvent) => void;
  readonly onTouchmove: (event: TouchEvent) => void;
  readonly onTouchend: (event: TouchEvent) => void;
  readonly onTouchcancel: () => void;
}

/** What a finger that stays asks for; the click that would follow is taken back. */
export function useLongPress(act: (at: { readonly x: number; readonly y: number }) => void): Press {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let from = { x: 0, y: 0 };
  let isDone = false;
  const end = (): void => clearTimeout(timer);
  return {
    onTouchstart({ touches }) {
      isDone = false;
      end();
      const [touch] = touches;
      if (!touch || touches.length > 1) return;
      from = { x: touch.clientX, y: touch.clientY };
      timer = setTimeout(() => {
        isDone = true;
        if ('vibrate' in navigator) navigator.vibrate(10);
        act(from);
      }, afterMs);
    },
    onTouchmove({ touches }) {
      const [touch] = touches;
      if (!touch || Math.hypot(touch.clientX - from.x, touch.clientY - from.y) > mostMove) end();
    },
    onTouchend(event) {
      end();
      if (isDone) event.preventDefault();
    },
    onTouchcancel: end,
  };
}
