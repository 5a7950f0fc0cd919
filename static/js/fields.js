// Fields of a plan's rows, saved as one types. A field with several controls is a hidden one that
// holds their values, a line each: first what is ticked, then what is typed.

import { Autosave } from "./autosave.js";

class Controls {
  constructor(holder) {
    this.holder = holder;
    const members = [...holder.parentNode.querySelectorAll("input, textarea, select")];
    const isChoice = (control) => ["checkbox", "radio"].includes(control.type);
    this.choices = members.filter(isChoice);
    this.texts = members.filter((control) => control !== holder && !isChoice(control));
    holder.words = (value) => this.#words(value);
    holder.parentNode.addEventListener("input", ({ target }) => {
      if (target === holder) this.#write();
      else if (!this.#isJustChosen(target)) this.#tell("input");
    });
    holder.parentNode.addEventListener("change", ({ target }) => {
      if (target !== holder && !this.#isJustChosen(target)) this.#tell("change");
    });
    holder.parentNode.addEventListener("focusout", ({ relatedTarget }) => {
      if (!holder.parentNode.contains(relatedTarget)) this.#tell("blur");
    });
    // What was ticked before this script was there.
    if (!this.texts.length) this.#tell("input");
  }

  // Nobody is told that something is missing before she could type it.
  #isJustChosen({ type }) {
    const seen = this.texts.filter((control) => control.offsetParent);
    return type === "radio" && seen.length > 0 && seen.every((control) => !control.value.trim());
  }

  #tell(kind) {
    const ticked = this.choices.filter((control) => control.checked).map((control) => control.value);
    // What belongs to a choice that is not made is not seen, and not meant.
    const typed = this.texts.map((control) => (control.offsetParent ? control.value : ""));
    this.holder.value = [...ticked, ...typed].join("\n");
    this.holder.dispatchEvent(new Event(kind));
  }

  // The last text takes what is left; where somebody writes just now, she goes on.
  #write() {
    const lines = this.holder.value.split("\n");
    for (const control of this.choices) {
      const place = lines.indexOf(control.value);
      control.checked = place >= 0;
      if (place >= 0) lines.splice(place, 1);
    }
    this.texts.forEach((control, index) => {
      const text = index < this.texts.length - 1 ? (lines.shift() ?? "") : lines.join("\n");
      if (control !== document.activeElement) control.value = text;
    });
  }

  #words(value) {
    const label = (line) => this.choices.find((control) => control.value === line)?.labels[0].textContent.trim();
    return value.split("\n").filter(Boolean).map((line) => label(line) ?? line).join(" · ");
  }
}

for (const holder of document.querySelectorAll("input.group-value")) new Controls(holder);

const saver = new Autosave({
  url: document.getElementById("fields-script").dataset.url,
  controls: [...document.querySelectorAll("[data-key]")],
  status: document.getElementById("save-state"),
});

document.addEventListener("autosave:saved", ({ detail }) => {
  for (const { key, hints = [] } of detail.cells) {
    const items = hints.map((hint) => Object.assign(document.createElement("li"), { textContent: hint }));
    document.getElementById(`hints-conflict-${key}`)?.replaceChildren(...items);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.code !== "KeyS" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  saver.flush();
});
