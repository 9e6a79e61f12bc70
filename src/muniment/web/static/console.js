// What a script adds to pages that are whole without it: keys, copying, local time, the theme, going by name.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

// Theme: the reader's choice outlives the page; "System" forgets it.
const THEME = "muniment.theme";
function applyTheme(value, keep) {
  if (value) document.documentElement.dataset.theme = value;
  else delete document.documentElement.dataset.theme;
  for (const radio of all("[data-theme-choice]")) radio.checked = radio.value === value;
  if (!keep) return;
  try {
    if (value) localStorage.setItem(THEME, value);
    else localStorage.removeItem(THEME);
  } catch {
    // Storage may be refused; the choice then lasts as long as the page.
  }
}
applyTheme(document.documentElement.dataset.theme ?? "", false);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-theme-choice]")) applyTheme(event.target.value, true);
  if (event.target.matches("[data-pick-all]")) pickAll(event.target);
  else if (event.target.closest(".pick")) showPicked(event.target.closest("table"));
});
document.addEventListener("reset", (event) => {
  const table = event.target.querySelector("table");
  if (table?.querySelector("[data-pick-all]")) setTimeout(() => showPicked(table)); // once the boxes are empty
});

// Tables: one box for all rows, half-set when only some are picked.
const picks = (table) => all("tbody .pick input", table);
function pickAll(box) {
  for (const pick of picks(box.closest("table"))) pick.checked = box.checked;
  showPicked(box.closest("table"));
}
function showPicked(table) {
  const box = table.querySelector("[data-pick-all]");
  const boxes = picks(table);
  const on = boxes.filter((pick) => pick.checked).length;
  box.checked = on > 0 && on === boxes.length;
  box.indeterminate = on > 0 && on < boxes.length;
  const count = table.closest("form")?.querySelector("[data-picked]");
  if (count) count.textContent = String(on);
}
for (const box of all("[data-pick-all]")) showPicked(box.closest("table"));

// Times: shown where the reader is, with UTC on hover. The page itself says UTC.
function showLocalTimes() {
  if (Intl.DateTimeFormat().resolvedOptions().timeZone === "UTC") return;
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
  const minute = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
  const clocks = {
    minute: new Intl.DateTimeFormat("en-GB", minute),
    second: new Intl.DateTimeFormat("en-GB", { ...minute, second: "2-digit" }),
  };
  for (const time of all("time[data-local]")) {
    const at = new Date(time.dateTime);
    const text = day.formatToParts(at).filter((part) => part.type !== "literal").map((part) => part.value);
    const clock = (clocks[time.dataset.local] ?? clocks.second).format(at);
    time.textContent = time.dataset.local === "clock" ? clock : `${text.join(" ").replace("Sept", "Sep")}, ${clock}`;
  }
}
document.addEventListener("times", showLocalTimes);
showLocalTimes();

// Copying, with a word that says it happened.
async function copy(button) {
  const before = button.innerHTML;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select and copy by hand";
  }
  button.setAttribute("aria-live", "polite");
  setTimeout(() => { button.innerHTML = before; }, 1600);
}

// Dialogs: a link that leads to a page opens the same thing here instead.
document.addEventListener("click", (event) => {
  const copier = event.target.closest("[data-copy]");
  if (copier) return void copy(copier);
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && byId(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  const closer = event.target.closest("dialog [data-closes]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
  if (event.target.matches("dialog[open]")) event.target.close();
  const menu = document.querySelector(".menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

// A long menu scrolls to the page the reader is on.
document.querySelector(".side .nav [aria-current]")?.scrollIntoView({ block: "nearest" });

// Going by name: pages of the sidebar at once, and a moment later whatever else the server finds.
const palette = byId("palette");
const paletteField = byId("palette-field");
const paletteList = byId("palette-list");
const pages = all(".side .nav a").map((link) => ({
  label: link.querySelector("span").textContent,
  href: link.href,
  key: link.dataset.key,
  sort: "page",
}));
const ASK_AFTER_MS = 150;
let chosen = 0;
let answered = { asked: "", hits: [] };
let waiting = 0;
let asking = null;
function ask() {
  clearTimeout(waiting);
  asking?.abort();
  const asked = paletteField.value.trim().replace(/\s+/g, " ");
  if (!asked) return;
  waiting = setTimeout(async () => {
    asking = new AbortController();
    const query = new URLSearchParams({ q: asked });
    try {
      const answer = await fetch(`${palette.dataset.find}?${query}`, { headers: { accept: "application/json" }, signal: asking.signal });
      if (!answer.ok || answer.redirected) return;
      answered = await answer.json();
      if (palette.open) showPages();
    } catch {
      // Without an answer the pages remain.
    }
  }, ASK_AFTER_MS);
}
function showPages() {
  const words = paletteField.value.toLowerCase().split(/\s+/).filter(Boolean);
  const here = pages.filter((page) => words.every((word) => page.label.toLowerCase().includes(word)));
  const found = words.length && answered.asked.toLowerCase() === words.join(" ") ? answered.hits : here;
  chosen = Math.min(chosen, Math.max(found.length - 1, 0));
  paletteList.replaceChildren(...found.map((page, at) => {
    const row = document.createElement("li");
    row.id = `page-${at}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(at === chosen));
    row.append(page.label);
    if (page.note) row.append(" ", Object.assign(document.createElement("small"), { textContent: page.note }));
    if (page.sort !== "page") row.append(Object.assign(document.createElement("span"), { textContent: page.sort }));
    else if (page.key) row.append(Object.assign(document.createElement("span"), { textContent: `g ${page.key}` }));
    row.addEventListener("click", () => { location.href = page.href; });
    return row;
  }));
  paletteList.children[chosen]?.scrollIntoView({ block: "nearest" });
  paletteList.hidden = !found.length;
  palette.querySelector(".palette-none").hidden = found.length > 0;
  if (found.length) paletteField.setAttribute("aria-activedescendant", `page-${chosen}`);
  else paletteField.removeAttribute("aria-activedescendant");
  return found;
}
function openPalette() {
  paletteField.value = "";
  chosen = 0;
  showPages();
  palette.showModal();
}
paletteField.addEventListener("input", () => { chosen = 0; showPages(); ask(); });
paletteField.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    chosen = Math.max(chosen + step, 0);
    showPages();
  }
  const page = event.key === "Enter" && showPages()[chosen];
  if (page) {
    event.preventDefault();
    location.href = page.href;
  }
});

// Keys: none acts while the reader types, and none takes a key the browser owns.
let goingSince = -Infinity;
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (!palette.open) openPalette();
    return;
  }
  if (event.key === "Escape") return escape(event);
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.timeStamp - goingSince < 1200) {
    goingSince = -Infinity;
    const page = pages.find((one) => one.key === event.key);
    if (page) location.href = page.href;
  } else if (event.key === "g") {
    goingSince = event.timeStamp;
  } else if (event.key === "/") {
    event.preventDefault();
    byId("find").focus();
  } else if (event.key === "?") {
    byId("keys").showModal();
  }
});
function escape(event) {
  const menu = document.querySelector(".menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.target.id === "find") {
    event.target.blur();
  }
}
