// The grid of scores: keys, pasting, and what happens after a save.

import { Autosave } from "./autosave.js";
import { Figures } from "./grid-figures.js";
import { History, setValue } from "./grid-history.js";
import { parseScore } from "./scoring.js";

const form = document.getElementById("grid-form");
const texts = document.getElementById("grid-texts").dataset;
const rules = JSON.parse(document.getElementById("grid-rules").textContent);
const controls = [...form.querySelectorAll("[data-key]")];
const done = document.getElementById("done");
const keys = document.getElementById("keys");
const pasteForm = document.querySelector("#paste form");

const figures = new Figures({ rules, texts, controls });
const history = new History(form);
const saver = new Autosave({
  url: texts.cellsUrl,
  controls,
  status: document.getElementById("save-state"),
});

function announce(text, number = "") {
  document.getElementById("grid-status").textContent = text.replace("#", number);
}

// --- moving ----------------------------------------------------------------------------------------

// Those that can be reached: not behind a closed part, nor behind a figure from finer ones.
const reachable = () => controls.filter((control) => control.checkVisibility());

function focus(control) {
  control?.focus();
  control?.select?.();
}

function move(control, step) {
  const all = reachable();
  focus(all[all.indexOf(control) + step] ?? (step > 0 ? done : null));
}

// Sideways only between fields that stand side by side, and when the caret has nowhere to go.
function moveSideways(control, step) {
  const { selectionStart, selectionEnd, value } = control;
  const end = step > 0 ? value.length : 0;
  if (selectionStart !== end || selectionEnd !== end) return false;
  const beside = [...(control.closest(".part-fields")?.querySelectorAll("[data-key]") ?? [])];
  const next = beside[beside.indexOf(control) + step];
  focus(next);
  return Boolean(next);
}

const STEPS = { Enter: 1, ArrowDown: 1, ArrowUp: -1 };

form.addEventListener("keydown", (event) => {
  const control = event.target;
  if (!controls.includes(control) || event.isComposing || event.ctrlKey || event.metaKey) return;
  if (event.key in STEPS) {
    event.preventDefault();
    move(control, event.shiftKey ? -1 : STEPS[event.key]);
  } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    if (!event.shiftKey && moveSideways(control, event.key === "ArrowRight" ? 1 : -1)) event.preventDefault();
  } else if (event.key === "Escape" && control.value !== control.dataset.saved) {
    setValue(control, control.dataset.saved);
    control.select();
  }
});

const COMMANDS = {
  z: ({ target }) => controls.includes(target) && undo(),
  s: () => saver.flush(),
  enter: ({ target }) => (target === document.body || target.form === form) && finish(),
  "/": () => keys.showModal(),
};
// While a Thai layout is on, Ctrl+Z is Ctrl+ผ: then the place on the keyboard tells the key.
const PLACES = { KeyZ: "z", KeyS: "s", Slash: "/" };

document.addEventListener("keydown", (event) => {
  const latin = /^[ -~]+$/.test(event.key);
  const command = COMMANDS[latin ? event.key.toLowerCase() : PLACES[event.code]];
  if (!command || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || keys.open) return;
  if (command(event) !== false) event.preventDefault();
});

function undo() {
  const count = history.undo();
  if (count) announce(texts.undone, count);
}

document.getElementById("grid-keys").hidden = false;
document.getElementById("show-keys").addEventListener("click", () => keys.showModal());

// --- pasting ---------------------------------------------------------------------------------------

function fill(pairs, text = texts.pasted) {
  history.fill(pairs);
  announce(text, pairs.length);
}

// Exactly one plain score for each indicator, so that nothing has to be guessed.
function plainScores(text, start) {
  const whole = controls.filter((control) => control.closest(".entry"));
  const values = text.split(text.includes("\t") ? "\t" : /\r\n|\r|\n/);
  const plain = values.length === whole.length && values.every((value) => parseScore(value).value != null);
  if (!plain || start !== whole[0] || !whole.every((control) => control.checkVisibility())) return null;
  return whole.map((control, index) => [control, values[index].trim()]);
}

async function readOnServer(text) {
  const body = new FormData(pasteForm);
  body.set("text", text);
  const options = { method: "POST", body, headers: { Accept: "application/json" } };
  const answer = await fetch(texts.pasteUrl, options).catch(() => null);
  if (!answer) {
    announce(texts.unread);
    return;
  }
  const read = answer.ok ? await answer.json() : { sure: false };
  if (read.sure) {
    const control = (key) => controls.find((one) => one.dataset.key === key);
    const pairs = Object.entries(read.cells).map(([key, value]) => [control(key), value]);
    fill(pairs, read.by_name ? texts.pastedByName : texts.pasted);
    return;
  }
  await saver.flush();
  pasteForm.elements.text.value = text;
  pasteForm.requestSubmit();
}

form.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text").replace(/[\r\n\t ]+$/, "");
  if (!controls.includes(event.target) || !/[\r\n\t]/.test(text)) return;
  event.preventDefault();
  const pairs = plainScores(text, event.target);
  if (pairs) fill(pairs);
  else readOnServer(text);
});

// --- after a save, and the end ---------------------------------------------------------------------

form.addEventListener("input", () => figures.show());
// What was kept from before and stands in its cell again.
if (saver.pending) figures.show();

const figuresToCheck = () => document.getElementById("figures-to-check").textContent;

async function takeOver() {
  const before = figuresToCheck();
  await figures.takeOver(() => !saver.pending);
  if (figuresToCheck() === before) return;
  const link = document.createElement("a");
  link.href = "#warnings";
  link.textContent = document.querySelector("#figures-to-check > span").textContent;
  document.getElementById("grid-status").replaceChildren(...(link.textContent ? [link] : []));
}

document.addEventListener("autosave:saved", takeOver);

async function finish() {
  await saver.flush();
  const open = controls.find((one) => document.getElementById(one.dataset.conflict).childElementCount);
  if (open) focus(open);
  else if (!saver.pending) window.location.assign(texts.doneUrl);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  finish();
});

document.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-confirm-warning]")) return;
  event.preventDefault();
  const body = new FormData(event.target);
  const options = { method: "POST", body, headers: { Accept: "application/json" } };
  const answer = await fetch(event.target.action, options).catch(() => null);
  if (!answer) return;
  const { message } = answer.ok ? {} : await answer.json().catch(() => ({}));
  if (message) announce(message);
  // The page of a fault or of signing in says more than could be said here.
  else if (!answer.ok) return void event.target.submit();
  await takeOver();
  const warnings = document.getElementById("warnings");
  warnings.tabIndex = -1;
  (warnings.querySelector("button") ?? warnings).focus();
});

if (!document.getElementById("error-summary") && document.activeElement === document.body) {
  focus(reachable().find((control) => control.closest(".entry") && !control.value));
}
