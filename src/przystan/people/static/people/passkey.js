// Passkeys: an enhancement. A form with data-passkey is hidden until this module shows it, so
// without JavaScript or WebAuthn the page offers codes and passwords alone.
// Options come from data-options-url, or from the JSON script "passkey-options" of the page;
// the answer goes back in the form's field "credential" (WebAuthn Level 3, JSON forms).

const bytes = (text) => {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
};

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const withIds = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

const create = ({ publicKey }) =>
  navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: withIds(publicKey.excludeCredentials),
    },
  });

const get = ({ publicKey }) =>
  navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: withIds(publicKey.allowCredentials),
    },
  });

// By hand rather than by toJSON(), which older phones lack.
const asJson = (credential) => {
  const response = {};
  for (const name of [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment || undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
};

const optionsOf = async (form) => {
  if (!form.dataset.optionsUrl) {
    return JSON.parse(document.getElementById("passkey-options").textContent);
  }
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return (await answer.json()).request_options;
};

const enhance = (form) => {
  form.hidden = false;
  const problem = form.querySelector("[data-passkey-error]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      const ceremony = form.dataset.passkey === "create" ? create : get;
      form.elements.credential.value = asJson(await ceremony(await optionsOf(form)));
      form.submit();
    } catch {
      problem.hidden = false;
    }
  });
};

if (window.PublicKeyCredential) {
  document.querySelectorAll("form[data-passkey]").forEach(enhance);
}
