const words =
  'Did you see the weather for Saturday? I would rather take the early train. 昨天那本书看完了吗？ '.repeat(
    3,
  );

/** As much text in as many boxes as a conversation shows, and nothing that runs: what this browser does by itself on this machine. */
export function barePage(): string {
  const rows = Array.from({ length: 1_000 }, (_, index) => {
    const from = (index * 37) % 90;
    return `<p class="${index % 2 ? 'mine' : ''}">${words.slice(from, from + 6 + ((index * index * 7) % 170))}</p>`;
  });
  return `<!doctype html><style>
    body { display: flex; height: 100vh; margin: 0; font: 15px/22px system-ui; background: #f2f4f8 }
    nav { width: 400px; background: #fff }
    main { display: flex; flex: 1; flex-direction: column; min-width: 0 }
    div { flex: 1; overflow: auto }
    p { width: fit-content; max-width: 520px; margin: 8px 24px; padding: 6px 12px; border-radius: 16px; background: #fff; box-shadow: 0 0 0 1px #0001 }
    .mine { margin-left: auto; background: #dce8ff }
    textarea { height: 40px; margin: 8px; resize: none; font: inherit }
  </style><nav></nav><main><div role="log">${rows.join('')}</div><textarea aria-label="Message"></textarea></main>`;
}
