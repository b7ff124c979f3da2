// Keys of the desk: j and k walk the queue, c claims, r writes the reply, ? lists them. They can
// be switched off, because a screen reader or dictation may use single keys (WCAG 2.1.4).
const keys = document.getElementById("keys");
const box = document.getElementById("keys-on");
const NAME = "przystan.keys";

function stored() {
  try {
    return localStorage.getItem(NAME) !== "off";
  } catch {
    return true;
  }
}

function walk(step) {
  const rows = [...document.querySelectorAll("a[data-row]")];
  const at = rows.findIndex((row) => row === document.activeElement || row.hasAttribute("aria-current"));
  rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
}

const ACTS = {
  j: () => walk(1),
  k: () => walk(-1),
  c: () => document.querySelector("[data-claim]")?.focus(),
  r: () => document.getElementById("reply-text")?.focus(),
};

if (keys && box) {
  box.checked = stored();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(NAME, box.checked ? "on" : "off");
    } catch {
      // Storage is switched off: the choice holds for this page.
    }
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !box.checked) return;
    if (event.key === "?") keys.showModal();
    else if (!keys.open && ACTS[event.key]) {
      event.preventDefault();
      ACTS[event.key]();
    }
  });
}
