// Server-sent events from a response, as { event, data }. EventSource would do, but cannot send a header.
async function* readEvents(response, onSignOfLife) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    onSignOfLife();
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = new Map(block.split(/\r?\n/).map((row) => row.split(/: ?(.*)/s, 2)));
      if (fields.has("data")) yield { event: fields.get("event"), data: JSON.parse(fields.get("data")) };
    }
  }
}

// Seconds to wait before the next try: doubling up to half a minute, and not everybody at the same moment.
const backoff = (failures) => Math.min(30, 0.5 * 2 ** failures) * (0.5 + Math.random() / 2);
