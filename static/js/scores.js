// Moves through the grid of scores by keyboard and takes a column copied from a spreadsheet.

const table = document.querySelector(".score-table");
const cells = [...table.querySelectorAll(".score-input")];
const save = document.getElementById("save-scores");
const status = document.getElementById("grid-status");

const saved = (cell) => document.getElementsByName(`initial-${cell.name}`)[0].value;

function move(cell, step) {
  const next = cells[cells.indexOf(cell) + step];
  if (next) {
    next.focus();
    next.select();
  } else if (step > 0) save?.focus();
}

function announce(text, ...numbers) {
  status.textContent = numbers.reduce((message, number) => message.replace("#", number), text);
  status.className = "notice";
}

table.addEventListener("keydown", (event) => {
  const cell = event.target;
  if (!cells.includes(cell) || event.isComposing) return;
  if (event.key === "Enter" || event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(cell, event.key === "ArrowUp" || event.shiftKey ? -1 : 1);
  } else if (event.key === "Escape") {
    cell.value = saved(cell);
    cell.select();
  }
});

table.addEventListener("paste", (event) => {
  const start = cells.indexOf(event.target);
  const text = event.clipboardData.getData("text").replace(/[\r\n\t]+$/, "");
  if (start < 0 || !/[\r\n\t]/.test(text)) return;
  const lines = text.split(/\r\n|\r|\n/);
  const values = lines.length === 1 ? lines[0].split("\t") : lines;
  event.preventDefault();
  const room = cells.length - start;
  if (lines.length > 1 && text.includes("\t")) {
    announce(table.dataset.columns);
    return;
  }
  if (values.length > room) {
    announce(table.dataset.tooMany, values.length, room);
    return;
  }
  values.forEach((value, index) => { cells[start + index].value = value.trim(); });
  move(cells[start + values.length - 1], 1);
  announce(table.dataset.pasted, values.length);
});
