// The editor of policies: asks for a check a moment after the last key, and writes what is wrong.
const form = document.querySelector("form[data-policy-check]");
const says = document.getElementById("policy-says");
let waiting;
let asked = 0;

function write(told) {
  says.replaceChildren();
  if (!told.problems.length) {
    const fine = document.createElement("p");
    fine.className = "soft";
    fine.textContent = `${told.rules} ${told.rules === 1 ? "rule" : "rules"}, all right.`;
    says.append(fine);
    return;
  }
  const box = document.createElement("div");
  box.className = "notice stop";
  const list = document.createElement("ul");
  for (const each of told.problems) {
    const line = document.createElement("li");
    const place = document.createElement("code");
    place.textContent = each.place;
    line.append(place, ` ${each.says}`);
    list.append(line);
  }
  box.append(list);
  says.append(box);
}

async function check() {
  const number = ++asked;
  const answer = await fetch(form.dataset.policyCheck, {
    method: "POST",
    headers: { accept: "application/json", "x-csrf-token": form.elements.csrf?.value ?? "" },
    body: new URLSearchParams(new FormData(form)),
  });
  if (answer.ok && number === asked) write(await answer.json());
}

form?.elements.text.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => check().catch(() => {}), 400);
});
