// Checks one entry of the ledger in the reader's browser, and believes nothing the server says.
// It fetches raw material only (the proof, the bundle, the head), computes every hash again, and
// checks the signature with the key the reader brought. Each step is met, not met or could not tell.
const panel = document.getElementById("proof");
const form = document.getElementById("verify");
const field = document.getElementById("vkey");
const compared = document.getElementById("compared");
const shown = document.getElementById("verified");
const REMEMBERED = "muniment.ledger.key";
const TILE_WIDTH = 256;
const PROOF_HEADER = "c2sp.org/tlog-proof@v1";

class NotMet extends Error {}
class CouldNotTell extends Error {}
const demand = (holds, said) => { if (!holds) throw new NotMet(said); };
const need = (value, said) => { if (value === undefined) throw new CouldNotTell(said); return value; };

// Bytes and text
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const short = (bytes) => hex(bytes).replace(/^(.{4})(.{4})(.{4}).*(.{4})$/, "$1 $2 $3 … $4");
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const grouped = (number) => number.toLocaleString("en-GB");
function joined(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}
function base64(text, what) {
  let bytes;
  try { bytes = atob(text); } catch { throw new NotMet(`${what} is not base64`); }
  demand(btoa(bytes) === text, `${what} is not base64 in its one spelling`);
  return Uint8Array.from(bytes, (letter) => letter.charCodeAt(0));
}
function decimal(text, what) {
  demand(/^(0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(Number(text)), `${what} is not a plain number`);
  return Number(text);
}
function textOf(bytes, what) {
  try { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); } catch { throw new NotMet(`${what} is not UTF-8`); }
}

// Hashes, as in RFC 6962
async function sha256(...parts) {
  if (!globalThis.crypto?.subtle) throw new CouldNotTell("this page came neither by https nor from this machine itself, so the browser lends it no cryptography");
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}
const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);
async function rootFrom(leaf, index, size, hashes) {
  let position = index, last = size - 1, current = leaf;
  const up = () => { position = Math.floor(position / 2); last = Math.floor(last / 2); };
  for (const sibling of hashes) {
    demand(last > 0, "the path is longer than this log is high");
    if (position % 2 || position === last) {
      current = await nodeHash(sibling, current);
      while (position && position % 2 === 0) up();
    } else {
      current = await nodeHash(current, sibling);
    }
    up();
  }
  demand(last === 0, "the path ends before the root");
  return current;
}

// Notes, keys and proofs, as in C2SP
async function openKey(text) {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  if (!name) throw new CouldNotTell("this is not a key; it looks like name+12ab34cd+A…");
  const data = base64(encoded, "the key");
  demand(data.length === 33 && data[0] === 1, "the key is not an Ed25519 key");
  const found = (await sha256(utf8(`${name}\n`), data)).slice(0, 4);
  demand(hex(found) === id, `the key says its id is ${id}, but it is ${hex(found)}`);
  return { name, id, data: data.slice(1) };
}
function openNote(bytes, what) {
  const text = textOf(bytes, what);
  const cut = text.lastIndexOf("\n\n");
  demand(cut > 0 && text.endsWith("\n"), `${what} is not a signed note`);
  const body = text.slice(0, cut + 1);
  const [origin, size, root, ...rest] = body.split("\n");
  demand(rest.length >= 1, `${what} is shorter than a checkpoint`);
  const signatures = text.slice(cut + 2, -1).split("\n").map((line) => {
    const [, name, encoded] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
    demand(name, `${what} has a line that is no signature`);
    const blob = base64(encoded, `a signature of ${what}`);
    return { name, id: hex(blob.slice(0, 4)), blob: blob.slice(4) };
  });
  return { body, origin, size: decimal(size, "the size of the log"), root: base64(root, "the root"), signatures };
}
function openProof(bytes) {
  const text = textOf(bytes, "the proof file");
  const cut = text.indexOf("\n\n");
  demand(cut > 0, "the proof file has no checkpoint");
  const lines = text.slice(0, cut).split("\n");
  demand(lines.shift() === PROOF_HEADER, `the proof file does not begin with ${PROOF_HEADER}`);
  if (lines[0]?.startsWith("extra ")) lines.shift();
  demand(lines[0]?.startsWith("index "), "the proof file names no entry");
  const index = decimal(lines.shift().slice(6), "the number of the entry");
  const hashes = lines.map((line) => base64(line, "a hash of the path"));
  demand(hashes.length < 64 && hashes.every((one) => one.length === 32), "a hash of the path is not 32 bytes long");
  return { index, hashes, note: openNote(utf8(text.slice(cut + 2)), "the checkpoint in the proof") };
}
async function demandSigned(note, key) {
  demand(note.origin === key.name, `the head is of “${note.origin}”, the key of “${key.name}”`);
  const mine = note.signatures.filter((one) => one.name === key.name && one.id === key.id);
  const others = note.signatures.map((one) => one.id).join(", ");
  demand(mine.length, `no signature by key ${key.id} stands under the head; key ${others} signed it`);
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key.data, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    if (error.name === "NotSupportedError") throw new CouldNotTell("this browser has no Ed25519; check offline instead");
    throw new NotMet("these bytes are no Ed25519 key");
  }
  for (const one of mine) {
    const holds = one.blob.length === 64 && await crypto.subtle.verify({ name: "Ed25519" }, imported, one.blob, utf8(note.body));
    demand(holds, `the signature by key ${key.id} does not fit this head`);
  }
}

// Raw material
async function fetched(path) {
  let answer;
  try { answer = await fetch(path, { cache: "no-store", redirect: "error" }); } catch { throw new CouldNotTell(`${path} could not be fetched`); }
  if (!answer.ok) throw new CouldNotTell(`${path} answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
function bundlePath(index, size) {
  const number = Math.floor(index / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, size - number * TILE_WIDTH);
  let path = String(number % 1000).padStart(3, "0");
  for (let rest = Math.floor(number / 1000); rest; rest = Math.floor(rest / 1000)) path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  return `/log/tile/entries/${path}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}
function cut(bundle, wanted) {
  let at = 0;
  for (let number = 0; at + 2 <= bundle.length; number += 1) {
    const end = at + 2 + bundle[at] * 256 + bundle[at + 1];
    demand(end <= bundle.length, `the bundle ends within its entry ${number}`);
    if (number === wanted) return bundle.slice(at + 2, end);
    at = end;
  }
  throw new NotMet("the bundle ends before this entry");
}

// What this browser remembers: the key, and the largest head that verified under it
function remembered() {
  try { return JSON.parse(localStorage.getItem(REMEMBERED)) ?? {}; } catch { return {}; }
}
function remember(what) {
  try { localStorage.setItem(REMEMBERED, JSON.stringify(what)); } catch {
    // Storage may be refused; the key must then be brought again next time.
  }
}
function sayWhence() {
  const kept = remembered(), text = field.value.trim(), hint = document.getElementById("vkey-hint");
  if (text && text === kept.vkey) hint.textContent = "You compared this key, and this browser remembers it.";
  else if (text && text === panel.dataset.vkey) hint.textContent = "This key came from the same server; compare it with the one you were given.";
  else hint.textContent = text ? "This is not the key that this server shows." : "Paste the key. It looks like name+12ab34cd+A…";
  if (kept.vkey && kept.vkey !== panel.dataset.vkey) hint.textContent += " This server now shows another key than the one this browser remembers.";
  hint.className = kept.vkey && kept.vkey !== panel.dataset.vkey ? "error" : "hint";
}

// The steps, in order; each may need what an earlier one found
const waits = "an earlier step did not come this far";
const STEPS = [
  ["The key is yours", async (seen) => {
    seen.key = await openKey(seen.vkey);
    const known = `key ${seen.key.id} of ${seen.key.name}`;
    if (seen.isCompared) return `${known}; you compared it with the one you were given`;
    throw new CouldNotTell(`${known}: ${seen.vkey === panel.dataset.vkey ? "it came from the same server" : "nobody said that it was compared"}; compare it with the one you were given`);
  }],
  ["The proof can be read", async (seen) => {
    const proof = openProof(await fetched(`/api/v1/ledger/${seen.index}/proof`));
    demand(proof.index === seen.index, `the proof is for entry ${grouped(proof.index)}`);
    demand(proof.index < proof.note.size, "the entry lies past the end of the log");
    seen.proof = proof;
    return `entry ${grouped(proof.index)} of ${grouped(proof.note.size)}, ${proof.hashes.length} hashes`;
  }],
  ["The entry is hashed", async (seen) => {
    const path = bundlePath(seen.index, need(seen.proof, waits).note.size);
    seen.entry = cut(await fetched(path), seen.index % TILE_WIDTH);
    seen.leaf = await leafHash(seen.entry);
    return `${grouped(seen.entry.length)} bytes from ${path} give leaf ${short(seen.leaf)}`;
  }],
  ["It is what this page shows", async (seen) => {
    demand(same(need(seen.entry, waits), utf8(document.getElementById("bytes").textContent)), "the log holds other bytes than this page shows");
    return "the bytes on this page, to the last one";
  }],
  ["The path leads to the root", async (seen) => {
    const { index, hashes, note } = need(seen.proof, waits);
    const root = await rootFrom(need(seen.leaf, waits), index, note.size, hashes);
    demand(same(root, note.root), `the path leads to ${short(root)}, the head says ${short(note.root)}`);
    return `root ${short(root)}`;
  }],
  ["The head is signed", async (seen) => {
    const { note } = need(seen.proof, waits);
    await demandSigned(note, need(seen.key, waits));
    return `Ed25519, by key ${seen.key.id}, over the size and the root`;
  }],
  ["The log has not shrunk", async (seen) => {
    const { note } = need(seen.proof, waits);
    const now = openNote(await fetched("/log/checkpoint"), "the published checkpoint");
    await demandSigned(now, need(seen.key, waits));
    const old = remembered();
    const heads = [note, ...(old.vkey === seen.vkey && old.root ? [{ size: old.size, root: base64(old.root, "the remembered root") }] : [])];
    for (const head of heads) {
      demand(now.size >= head.size, `the log now ends at ${grouped(now.size)}; it had ${grouped(head.size)} before`);
      demand(now.size > head.size || same(now.root, head.root), `two heads of ${grouped(now.size)} entries differ`);
    }
    seen.now = now;
    return heads.length > 1 ? `${grouped(now.size)} entries now; this browser saw ${grouped(heads[1].size)} before, and verify.py --old tells whether they are the same ones` : `${grouped(now.size)} entries now; this browser remembers no earlier head`;
  }],
];

async function answered(run, seen) {
  try {
    return ["met", await run(seen)];
  } catch (error) {
    if (error instanceof NotMet) return ["not met", error.message];
    if (error instanceof CouldNotTell) return ["could not tell", error.message];
    return ["could not tell", `this browser failed: ${error.message}`];
  }
}
const TONES = { met: "ok", "not met": "stop", "could not tell": "unknown" };
const element = (name, className, ...children) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
};
function verdict(answers, seen) {
  const failed = STEPS.filter((_, at) => answers[at][0] === "not met").map(([name]) => `“${name}”`);
  if (failed.length) return ["not met", `This does not hold: ${failed.join(", ")}. Keep this page, and tell whoever answers for the ledger.`];
  if (answers.slice(1).some(([answer]) => answer !== "met")) return ["could not tell", "Something could not be checked here. Check offline instead."];
  if (answers[0][0] !== "met") return ["could not tell", `All of it fits together under key ${seen.key.id}. Whose key that is, only you can tell: compare it.`];
  return ["met", `Entry ${grouped(seen.index)} stands in the log whose head your key signed. Nothing was taken on this server’s word.`];
}
async function verify() {
  const seen = { index: Number(panel.dataset.entry), vkey: field.value.trim() };
  seen.isCompared = compared.checked || remembered().vkey === seen.vkey;
  const list = element("ol", "corridor");
  shown.replaceChildren(element("p", "soft", "Fetching and computing…"), list);
  const answers = [];
  for (const [name, run] of STEPS) {
    const [answer, said] = await answered(run, seen);
    answers.push([answer, said]);
    list.append(element("li", TONES[answer], element("b", "", name), element("div", "", said), element("span", "took", answer)));
  }
  const [answer, said] = verdict(answers, seen);
  shown.replaceChildren(element("p", "", element("span", `tag ${TONES[answer]}`, answer), said), list);
  if (answer === "met") {
    const { size, root } = seen.now;
    remember({ vkey: seen.vkey, size, root: btoa(String.fromCharCode(...root)) });
    sayWhence();
  }
}
if (form) {
  field.value = remembered().vkey ?? panel.dataset.vkey;
  compared.checked = field.value === remembered().vkey;
  sayWhence();
  field.addEventListener("input", () => { compared.checked = field.value.trim() === remembered().vkey; sayWhence(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    verify().finally(() => { button.disabled = false; });
  });
}
