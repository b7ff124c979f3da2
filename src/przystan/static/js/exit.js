// Quick exit: leave at once, and leave nothing to come back to with "back".
// Without this module the link still leads away; only the history keeps this page.
const exit = document.getElementById("exit");

function leave() {
  document.documentElement.hidden = true; // gone from the screen before the other page has loaded
  document.title = "…";
  try {
    sessionStorage.clear();
  } catch {
    // Storage may be switched off; then there is nothing to clear.
  }
  location.replace(exit.href);
}

if (exit) {
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let presses = [];
  addEventListener("keydown", (event) => {
    presses = event.key === "Escape" ? [...presses, event.timeStamp].slice(-3) : [];
    if (presses.length === 3 && presses[2] - presses[0] < 2000) leave();
  });
  // A page kept in memory by "back" is shown as it was left: hidden. Load it anew instead.
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.hidden) location.reload();
  });
}
