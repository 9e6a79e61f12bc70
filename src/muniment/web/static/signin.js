// Passkeys: asks the browser for one, or to make one, and sends its answer with the form it belongs to.
const toBytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function readOptions(options) {
  const read = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: toBytes(options.user.id) };
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    if (options[name]) read[name] = options[name].map((each) => ({ ...each, id: toBytes(each.id) }));
  }
  return read;
}

function writeAnswer(credential) {
  const from = credential.response;
  const response = { clientDataJSON: toText(from.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (from[name]) response[name] = toText(from[name]);
  }
  if (from.getTransports) response.transports = from.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function carryOut(form) {
  const token = form.elements.csrf?.value;
  const asked = await fetch(form.dataset.ask, {
    method: "POST",
    headers: { accept: "application/json", ...(token ? { "x-csrf-token": token } : {}) },
  });
  const told = await asked.json();
  if (!asked.ok) throw new Error(told.detail ?? "The console did not answer. Load the page again.");
  const publicKey = readOptions(told.options);
  const make = form.dataset.passkey === "create";
  const credential = await (make ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
  form.elements.step.value = told.step;
  form.elements.answer.value = writeAnswer(credential);
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector("[data-said]");
    const button = form.querySelector("button");
    said.hidden = true;
    button.disabled = true;
    try {
      if (!window.PublicKeyCredential) throw new Error("This browser knows no passkeys. Use another way.");
      await carryOut(form);
    } catch (error) {
      const refused = error.name === "NotAllowedError";
      said.textContent = refused ? "It was cancelled, or no passkey of this console is here. Try again." : error.message;
      said.hidden = false;
      button.disabled = false;
    }
  });
}
