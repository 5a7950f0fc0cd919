// Marks of OIT items and averages of questions: keys, a pasted column, and what they come to.

import { Autosave } from "./autosave.js";
import { formatChange, formatScore, hundredths, mean, parseScore, round } from "./scoring.js";

const form = document.getElementById("finer");
const controls = [...form.querySelectorAll("[data-key]")];
const said = document.getElementById("finer-status");
const saver = new Autosave({
  url: form.dataset.cellsUrl,
  controls,
  status: document.getElementById("save-state"),
});

// --- keys ------------------------------------------------------------------------------------------

const KEYS = { 1: "100", "๑": "100", 0: "0", "๐": "0", Delete: "", Backspace: "" };

function put(control, value) {
  control.value = value;
  saver.changed(control);
}

form.addEventListener("keydown", (event) => {
  const control = event.target;
  const place = controls.indexOf(control);
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyS") {
    event.preventDefault();
    saver.flush();
  } else if (place < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
  else if (event.key === "Enter") {
    event.preventDefault();
    const next = controls[place + (event.shiftKey ? -1 : 1)];
    next?.focus();
    next?.select?.();
  } else if (control.tagName === "SELECT" && event.key in KEYS) {
    event.preventDefault();
    put(control, KEYS[event.key]);
  }
});

// --- a column of cells -----------------------------------------------------------------------------

const WORDS = { 1: "100", มี: "100", 0: "0", ไม่มี: "0" };

// What the control takes for the text, or undefined.
function readable(control, text) {
  const { value, problem } = parseScore(text);
  if (control.tagName !== "SELECT") return problem ? undefined : text.trim();
  const points = value === null ? "" : String(Number(value) / 100);
  const wanted = WORDS[text.trim()] ?? (problem ? undefined : points);
  return [...control.options].find((option) => option.value === wanted)?.value;
}

document.addEventListener("paste", (event) => {
  const start = controls.indexOf(document.activeElement);
  const lines = event.clipboardData.getData("text").replace(/[\r\n]+$/, "").split(/\r\n|\r|\n/);
  if (start < 0 || (lines.length === 1 && controls[start].tagName !== "SELECT")) return;
  event.preventDefault();
  const values = lines.map((line, index) => controls[start + index] && readable(controls[start + index], line));
  const unread = values.indexOf(undefined);
  if (start + lines.length > controls.length) said.textContent = form.dataset.tooMany;
  else if (unread >= 0) said.textContent = form.dataset.unread.replace("#", unread + 1);
  else {
    values.forEach((value, index) => put(controls[start + index], value));
    said.textContent = form.dataset.pasted.replace("#", values.length);
    saver.flush();
  }
});

// --- what the saved marks come to ------------------------------------------------------------------

const printed = (exact) => exact && round(exact);
const show = (place, text) => { if (place) place.textContent = text; };

function come(table) {
  const groups = [...table.querySelectorAll("[data-group]")].map((group) => {
    const saved = [...group.querySelectorAll("[data-key]")].map(({ dataset }) => dataset.saved);
    const own = mean(saved.map((text) => (text === "" ? null : [hundredths(text), 1n])));
    show(group.querySelector("[data-marked]"), saved.filter(Boolean).length);
    show(group.querySelector("[data-mean]"), formatScore(printed(own)));
    return { own, marked: saved.filter(Boolean).length };
  });
  const computed = printed(mean(groups.map(({ own }) => own)));
  const { official } = table.querySelector("[data-official]").dataset;
  show(table.querySelector("[data-marked-all]"), groups.reduce((all, { marked }) => all + marked, 0));
  show(table.querySelector("[data-computed]"), formatScore(computed));
  const difference = computed === null || !official ? null : computed - hundredths(official);
  show(table.querySelector("[data-difference]"), formatChange(difference));
}

document.addEventListener("autosave:saved", () => form.querySelectorAll("table").forEach(come));
