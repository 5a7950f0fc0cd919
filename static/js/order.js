// Rows are moved without loading the page again: with their arrows, Alt+↑/↓, or by dragging the grip.
// The server answers with the page as it then is, and its list replaces the one shown.

const form = document.getElementById("order");
const list = document.querySelector("[data-order]");
const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");
form?.after(status);

const rowOf = (element) => element.closest("tr");
const idOf = (row) => row.querySelector(".move").dataset.row;

async function move(entries, row, way) {
  const body = new FormData(form);
  entries.forEach(([name, value]) => body.append(name, value));
  let page;
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    if (!answer.ok) throw new Error(answer.status);
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const typed = [...list.querySelectorAll("textarea")].map((field) => [field.id, field.value]);
    const chosen = [...list.querySelectorAll(":checked")].map((box) => box.value);
    list.innerHTML = page.querySelector("[data-order]").innerHTML;
    for (const [id, text] of typed) restore(document.getElementById(id), text);
    list.querySelectorAll("[type=checkbox]").forEach((box) => { box.checked = chosen.includes(box.value); });
    // The same move again is a move of its own.
    form.elements.once.value = page.querySelector("#order [name=once]").value;
  } catch {
    location.reload();
    return;
  } finally {
    delete form.dataset.sent;
  }
  addGrips();
  status.textContent = page.querySelector(".messages")?.textContent.trim() ?? "";
  const ways = way === "up" ? ["up", "down"] : ["down", "up"];
  ways.map((each) => document.getElementById(`move-${row}-${each}`)).find(Boolean)?.focus();
}

// What was typed beside a row stays when the rows move.
function restore(field, text) {
  if (!field || !text) return;
  field.value = text;
  field.closest("details").open = true;
}

form?.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.submitter) return;
  event.preventDefault();
  const { name, value } = event.submitter;
  move([[name, value]], value, name);
});

list?.addEventListener("keydown", (event) => {
  const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (!event.altKey || !way) return;
  event.preventDefault();
  const row = rowOf(event.target);
  if (row) document.getElementById(`move-${idOf(row)}-${way}`)?.click();
});

function addGrips() {
  if (!form) return;
  for (const buttons of list.querySelectorAll(".move:has(button)")) {
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.draggable = true;
    grip.title = form.dataset.grip;
    grip.textContent = "⠿";
    grip.setAttribute("aria-hidden", "true");
    buttons.prepend(grip);
  }
}

let dragged = null;
const after = (event, row) => event.clientY > row.getBoundingClientRect().top + row.offsetHeight / 2;
const unmark = () => list.querySelectorAll("tr").forEach((row) => row.classList.remove("drop-before", "drop-after"));
const target = (event) => {
  const row = event.target.closest?.("tbody tr");
  return dragged && row && row !== dragged && row.parentNode === dragged.parentNode ? row : null;
};

list?.addEventListener("dragstart", (event) => {
  if (!event.target.classList?.contains("grip")) return;
  dragged = rowOf(event.target);
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setDragImage(dragged, 0, 0);
});
list?.addEventListener("dragover", (event) => {
  const row = target(event);
  unmark();
  if (!row) return;
  event.preventDefault();
  row.classList.add(after(event, row) ? "drop-after" : "drop-before");
});
list?.addEventListener("drop", (event) => {
  const row = target(event);
  if (!row) return;
  event.preventDefault();
  row[after(event, row) ? "after" : "before"](dragged);
  const ids = [...dragged.parentNode.children].map((each) => ["ids", idOf(each)]);
  move([["moved", idOf(dragged)], ...ids], idOf(dragged), "up");
});
list?.addEventListener("dragend", () => {
  unmark();
  dragged?.classList.remove("dragged");
  dragged = null;
});

addGrips();
