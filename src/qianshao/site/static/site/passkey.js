// Passkeys: a form marked data-passkey asks the server for a challenge, the browser for its answer, and brings it back.
"use strict";

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function asked(options) {
  const key = options.publicKey;
  key.challenge = toBytes(key.challenge);
  if (key.user) key.user.id = toBytes(key.user.id);
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    for (const one of key[name] || []) one.id = toBytes(one.id);
  }
  return options;
}

function answered(credential) {
  const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function post(where, token, body, type) {
  const headers = { "X-CSRFToken": token };
  if (type) headers["Content-Type"] = type;
  const answer = await fetch(where, { method: "POST", headers, body, redirect: "error" });
  return answer.json();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector("[data-refusal]");
    const token = form.elements.csrfmiddlewaretoken.value;
    const button = form.querySelector("button");
    said.textContent = "";
    button.disabled = true;
    try {
      const options = await post(form.dataset.begin, token, new URLSearchParams(new FormData(form)));
      if (options.refusal) {
        said.textContent = options.refusal;
        return;
      }
      const credential = await navigator.credentials[form.dataset.passkey](asked(options));
      const end = await post(form.action, token, JSON.stringify(answered(credential)), "application/json");
      if (end.next) window.location.assign(end.next);
      else said.textContent = end.refusal || said.dataset.failed;
    } catch {
      said.textContent = said.dataset.failed;
    } finally {
      button.disabled = false;
    }
  });
}
