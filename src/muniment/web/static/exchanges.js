// The live view of calls: news are sent as they are recorded; where no line can be kept open, they are asked for.
const body = document.getElementById("live");
const says = document.getElementById("watching");
const pause = document.getElementById("pause");
const MOST_ROWS = 200;
const EVERY_MS = 2000;
const SLOWEST_MS = 60000;
let paused = false;
let wait = EVERY_MS;
let seen = 0;

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
  const when = cell("th", at);
  when.scope = "row";
  const link = cell("a", cell("code", told.id));
  link.href = told.href;
  const end = cell("span", told.end);
  end.className = `tag ${told.tone}`;
  const system = cell("td", cell("code", told.system));
  const model = cell("td", told.model);
  system.className = model.className = "hide-narrow";
  made.append(when, cell("td", link), cell("td", end), system, model, cell("td", told.says));
  return made;
}

function show(told) {
  for (const each of told.rows) {
    body.querySelector(`tr[data-id="${CSS.escape(each.id)}"]`)?.remove();
    body.prepend(row(each));
    seen += 1;
  }
  while (body.rows.length > MOST_ROWS) body.lastElementChild.remove();
  if (body.rows.length) {
    document.getElementById("none").hidden = true;
    document.getElementById("table").hidden = false;
  }
  body.dataset.after = told.after;
}

async function ask() {
  if (!paused && !document.hidden) {
    const query = new URLSearchParams({ after: body.dataset.after, system: body.dataset.system });
    const answer = await fetch(`${body.dataset.live}?${query}`, { headers: { accept: "application/json" } });
    if (answer.status === 401 || answer.redirected) {
      says.textContent = "You are signed out. Sign in again to go on.";
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    says.textContent = seen ? `Watching: ${seen} since you came.` : "Watching: nothing new since you came.";
    wait = EVERY_MS;
  }
  setTimeout(again, wait);
}

function again() {
  ask().catch(() => {
    wait = Math.min(wait * 2, SLOWEST_MS);
    says.textContent = `No answer; asked again in ${wait / 1000} seconds.`;
    setTimeout(again, wait);
  });
}

// A line to the server: it comes back by itself after a break, and says which entry was the last.
let line = null;
function watch() {
  const query = new URLSearchParams({ after: body.dataset.after, system: body.dataset.system });
  line = new EventSource(`${body.dataset.live}?${query}`);
  line.addEventListener("message", (event) => {
    if (event.data) show(JSON.parse(event.data));
    else if (event.lastEventId) body.dataset.after = event.lastEventId;
    says.textContent = seen ? `Watching: ${seen} since you came.` : "Watching: nothing new since you came.";
  });
  line.addEventListener("error", () => {
    if (line?.readyState !== EventSource.CLOSED) return;
    line = null;
    again();
  });
}

pause?.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Go on" : "Pause";
  says.textContent = paused ? "Paused; nothing is lost, it comes when you go on." : "Watching.";
  if (!line) return;
  if (paused) line.close();
  else watch();
});
if (body) watch();
