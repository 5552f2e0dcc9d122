// Talking to the bot: calls, and the stream that tells when something changed.

export class Refused extends Error {}

export async function call(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.error?.message ?? `HTTP ${response.status}`);
  return answer;
}

export const ask = (path, query = {}) => call(`${path}?${new URLSearchParams(query)}`);

/** Calls `changed` at once and after every change; connects again with growing pauses. Hidden pages let go. */
export function follow(changed, connected) {
  let source = null;
  let pause = 500;
  let timer = 0;

  function open() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource("/api/events");
    source.onopen = () => { pause = 500; connected(true); };
    source.onmessage = () => changed();
    source.onerror = () => { close(); connected(false); retry(); };
  }
  function close() {
    source?.close();
    source = null;
  }
  function retry() {
    timer = setTimeout(open, pause);
    pause = Math.min(pause * 2, 15000);
  }
  // A browser allows six connections to one host: pages that nobody looks at must not use them up.
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) close();
    else if (!source) open();
  });
  open();
}
