// Live parts of a page. An element says where news comes from and where its new text is:
//   data-live-url       address of an event stream
//   data-live-kinds     kinds of events to heed, separated by spaces
//   data-live-fragment  address of a page that holds an element of the same id
// News brings no words, only "there is something new"; the words are fetched as the person may
// see them. Where anything of this is missing, reloading the page does the same.
function renew(part, fresh) {
  const before = new Map([...part.children].filter((child) => child.id).map((child) => [child.id, child]));
  if (![...fresh.children].every((child) => child.id)) {
    part.replaceChildren(...fresh.children);
    return;
  }
  // What has not changed stays as it is: opened folds, focus, and what was read aloud already.
  let previous = null;
  for (const child of [...fresh.children]) {
    const old = before.get(child.id);
    before.delete(child.id);
    const keeps = old && old.textContent === child.textContent;
    const shown = keeps ? old : child;
    if (old && !keeps) old.remove();
    if (!keeps) previous ? previous.after(shown) : part.prepend(shown);
    previous = shown;
  }
  before.forEach((gone) => gone.remove());
}

async function fetchInto(part) {
  const answer = await fetch(part.dataset.liveFragment || location.href, {
    headers: { "X-Live": "1" },
    credentials: "same-origin",
  });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (fresh) renew(part, fresh);
  for (const also of (part.dataset.liveAlso || "").split(" ").filter(Boolean)) {
    const [here, there] = [document.getElementById(also), page.getElementById(also)];
    if (here && there && !here.contains(document.activeElement)) here.replaceWith(there);
  }
}

for (const part of document.querySelectorAll("[data-live-url]")) {
  if (!("EventSource" in window) || !part.id) continue;
  const stream = new EventSource(part.dataset.liveUrl);
  const kinds = (part.dataset.liveKinds || "message").split(" ");
  let waiting = null;
  const hear = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => fetchInto(part).catch(() => {}), 150); // several events, one fetch
  };
  kinds.forEach((kind) => stream.addEventListener(kind, hear));
  addEventListener("pagehide", () => stream.close());
}
