// The lines of the follow-up go into the result at a press; what is done is at 100 per cent.

function told(control) {
  for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
}

function hasLine(result, line) {
  return result.value.split("\n").some((one) => one.trim() === line);
}

for (const list of document.querySelectorAll(".chips ul")) {
  const result = document.getElementById(list.dataset.to);
  const chips = [...list.children].map((item) => {
    const line = item.textContent.trim();
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: line });
    item.replaceChildren(button);
    button.addEventListener("click", () => {
      const text = result.value.trimEnd();
      result.value = text ? `${text}\n${line}` : line;
      told(result);
      if (button.disabled) result.focus();
    });
    return { button, line };
  });
  const show = () => chips.forEach(({ button, line }) => { button.disabled = hasLine(result, line); });
  result.addEventListener("input", show);
  show();
}

for (const report of document.querySelectorAll(".report form, form.report")) {
  const { percent, result, state } = report.elements;
  const notes = report.querySelectorAll("[data-lacks]");
  report.addEventListener("input", ({ target }) => {
    if (target.name === "state" && target.value === "done" && percent.value !== "100") {
      percent.value = "100";
      told(percent);
    }
    for (const note of notes) note.hidden = state.value !== note.dataset.lacks || result.value.trim() !== "";
  });
}

// What the page counts and calls late follows what was saved; fields stay as they are typed.
let asked = 0;

function takeOver(fresh) {
  for (const part of document.querySelectorAll("[data-follows]")) {
    const now = fresh.getElementById(part.id);
    if (!now) continue;
    part.replaceChildren(...now.childNodes);
    part.closest(".progress-row")?.classList.toggle("late", now.closest(".late") !== null);
  }
}

document.addEventListener("autosave:saved", async () => {
  asked += 1;
  const mine = asked;
  // All rows, also where the address asks for some: one that is saved may be of another state now.
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  const text = answer?.ok ? await answer.text().catch(() => "") : "";
  if (text && mine === asked) takeOver(new DOMParser().parseFromString(text, "text/html"));
});

const narrow = matchMedia("(max-width: 899px)");
const fold = () => document.querySelectorAll("details.planned").forEach((planned) => { planned.open = !narrow.matches; });
narrow.addEventListener("change", fold);
if (narrow.matches) fold();
