// A question that is being written survives a reload until it is sent, in this tab only,
// and a long one is counted. Pages about danger do not load this module.
for (const box of document.querySelectorAll("textarea[data-keep]")) {
  const key = `przystan.${box.dataset.keep}`;
  const limit = box.maxLength;
  const left = document.createElement("p");
  left.className = "field__left";
  left.setAttribute("role", "status");

  const count = () => {
    const rest = limit - box.value.length;
    const text = limit > 0 && rest <= limit / 10 ? `${box.dataset.left} ${rest}` : "";
    if (left.textContent !== text) left.textContent = text;
  };
  const keep = (act) => {
    try {
      return act(sessionStorage);
    } catch {
      return null; // storage is switched off: the page works without it
    }
  };

  box.after(left);
  if (!box.value) box.value = keep((store) => store.getItem(key)) || "";
  count();
  box.addEventListener("input", () => {
    keep((store) => store.setItem(key, box.value));
    count();
  });
  box.form?.addEventListener("submit", () => keep((store) => store.removeItem(key)));
}
