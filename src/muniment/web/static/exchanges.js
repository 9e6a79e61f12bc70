// The live view of calls: told as they are recorded, while it is looked at and not paused.
// Each event carries its place in the log; a new connection goes on after the last one seen.
const body = document.getElementById("live");
const says = document.getElementById("watching");
const pause = document.getElementById("pause");
const MOST_ROWS = 200;
const SLOWEST_MS = 60000;
const PATIENCE_MS = 4000;
const INSTEAD_MS = 10000;
let paused = false;
let source = null;
let wait = 1000;
let seen = 0;
let worry = 0;

function cell(kind, ...inside) {
  const made = document.createElement(kind);
  made.append(...inside);
  return made;
}

function row(told) {
  const made = document.createElement("tr");
  made.dataset.id = told.id;
  made.className = "arrives";
  const at = cell("time", `${told.at.slice(11, 19)} UTC`);
  at.dateTime = told.at;
  at.title = `${told.at.slice(0, 10)} ${told.at.slice(11, 19)} UTC`;
  at.dataset.local = "clock";
  const when = cell("th", at);
  when.scope = "row";
  const id = cell("code", told.id.replace(/^([a-z]{2,5}_)[0-9a-z]{12,32}([0-9a-z]{8})$/, "$1…$2"));
  id.title = told.id;
  id.className = "id";
  const link = cell("a", id);
  link.href = told.href;
  const end = cell("span", told.end);
  end.className = `tag ${told.tone}`;
  const system = cell("td", cell("code", told.system));
  const model = cell("td", told.model);
  system.className = model.className = "hide-narrow";
  made.append(when, cell("td", link), cell("td", end), system, model, cell("td", told.says));
  return made;
}

function show(told, place) {
  body.querySelector(`tr[data-id="${CSS.escape(told.id)}"]`)?.remove();
  body.prepend(row(told));
  seen += 1;
  while (body.rows.length > MOST_ROWS) body.lastElementChild.remove();
  document.getElementById("none").hidden = true;
  document.getElementById("table").hidden = false;
  body.dataset.after = place;
  document.dispatchEvent(new Event("times"));
  watching();
}

function watching() {
  clearTimeout(worry);
  says.textContent = seen ? `Watching: ${seen} since you came.` : "Watching: nothing new since you came.";
  wait = 1000;
}

function address(path) {
  return `${body.dataset.live}${path}?${new URLSearchParams({ after: body.dataset.after, system: body.dataset.system })}`;
}

function listen() {
  if (source || paused || document.hidden) return;
  source = new EventSource(address("/events"));
  source.addEventListener("open", watching);
  source.addEventListener("news", (event) => show(JSON.parse(event.data), event.lastEventId));
  source.addEventListener("error", () => {
    clearTimeout(worry);
    if (source.readyState !== EventSource.CLOSED) {
      worry = setTimeout(() => { says.textContent = "No answer; it is asked again by itself, and nothing is lost."; }, PATIENCE_MS);
      return;
    }
    hush();
    explain();
  });
}

function hush() {
  source?.close();
  source = null;
  clearTimeout(worry);
}

// A stream that was refused does not say why; the same question asked plainly does, and where no
// live page is free it brings the news itself, now and then.
async function explain() {
  try {
    const answer = await fetch(address(""), { headers: { accept: "application/json" } });
    if (answer.status === 401 || answer.redirected) {
      says.textContent = "You are signed out. Sign in again to go on.";
      return;
    }
    const told = answer.ok ? await answer.json() : {};
    if (told.full) {
      for (const each of told.rows) show(each, told.after);
      says.textContent = `Not live: ${told.full}. Asked again every ${INSTEAD_MS / 1000} seconds, and nothing is lost.`;
      setTimeout(listen, INSTEAD_MS);
      return;
    }
  } catch {
    // Nobody answers; the line below says so.
  }
  wait = Math.min(wait * 2, SLOWEST_MS);
  says.textContent = `No answer; asked again in ${wait / 1000} seconds, and nothing is lost.`;
  setTimeout(listen, wait);
}

pause?.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Go on" : "Pause";
  says.textContent = paused ? "Paused; nothing is lost, it comes when you go on." : "Watching.";
  if (paused) hush();
  else listen();
});
if (body) {
  document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
  listen();
}
