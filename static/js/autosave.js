// Saves fields as they are typed. What the line of the save state says is always true: "saved" comes
// from the server's answer alone, and only when nothing else waits.
//
// A field carries data-key, data-version, data-saved and data-conflict (the id of an empty element
// for messages). After each save `autosave:saved` goes out on the document, with detail.cells.

import { clearBox, showConflict, showRefusal } from "./autosave-box.js";

const AFTER_LAST_KEY = 700;
const RETRY_SECONDS = [1, 2, 4, 8, 15, 30];
// The most that a browser sends for a page that is being left.
const KEEPALIVE_BYTES = 60_000;

class Field {
  constructor(control) {
    this.control = control;
    this.key = control.dataset.key;
    this.version = Number(control.dataset.version);
    this.saved = control.dataset.saved;
    // How the saved value was typed, which the server may write otherwise: 87.5 for 87.50.
    this.typed = this.saved;
    this.refused = null;
    this.conflict = null;
    this.chosen = false;
  }

  get value() {
    const { control } = this;
    return control.type === "checkbox" && !control.checked ? "" : control.value;
  }

  set value(value) {
    if (this.control.type === "checkbox") this.control.checked = value === this.control.value;
    else this.control.value = value;
  }

  get unsaved() {
    // The server keeps the value of a conflict.
    const kept = [this.saved, this.typed, this.conflict?.yours];
    return this.chosen || !kept.includes(this.value);
  }

  get waits() {
    return this.unsaved && this.value !== this.refused;
  }

  keep({ value, version }, typed = value) {
    Object.assign(this, { saved: value, typed, version, refused: null, conflict: null });
    Object.assign(this.control.dataset, { saved: value, version });
    clearBox(this.control);
    this.settle();
  }

  settle() {
    const writing = document.activeElement === this.control;
    if (!writing && this.value === this.typed && this.value !== this.saved) this.value = this.saved;
  }
}

export class Autosave {
  constructor({ url, controls, status }) {
    this.url = url;
    this.status = status;
    this.fields = new Map();
    this.sending = null;
    this.trouble = "";
    this.failures = 0;
    this.savedAt = "";
    for (const control of controls) this.#bind(new Field(control));
    window.addEventListener("online", () => this.#send());
    window.addEventListener("pagehide", () => this.#send());
    document.addEventListener("visibilitychange", () => document.hidden && this.#send());
    window.addEventListener("beforeunload", (event) => { if (this.pending) event.preventDefault(); });
    this.#show();
  }

  // Whether something is typed that the server does not have.
  get pending() {
    return this.#all.some((field) => field.unsaved);
  }

  // Sends what waits; true when the server then has everything.
  async flush() {
    do await this.#send(); while (!this.trouble && this.#waiting.length);
    return !this.pending;
  }

  // To be called after a value was set by a script.
  changed(control) {
    const field = this.fields.get(control.dataset.key);
    if (field.refused !== null && field.value !== field.refused) {
      field.refused = null;
      if (!field.conflict) clearBox(control);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#send(), AFTER_LAST_KEY);
    this.#show();
  }

  get #all() {
    return [...this.fields.values()];
  }

  get #waiting() {
    return this.#all.filter((field) => field.waits);
  }

  #bind(field) {
    const { control, key } = field;
    this.fields.set(key, field);
    control.addEventListener("input", () => this.changed(control));
    control.addEventListener("change", () => this.#send());
    control.addEventListener("blur", () => {
      field.settle();
      this.#send();
    });
  }

  #send() {
    clearTimeout(this.timer);
    if (!this.sending && this.#waiting.length) {
      this.sending = this.#post(this.#waiting).finally(() => { this.sending = null; }).then(() => {
        this.#show();
        // What was typed meanwhile.
        if (!this.trouble && this.#waiting.length) this.#send();
      });
    }
    this.#show();
    return this.sending;
  }

  async #post(fields) {
    const sent = new Map(fields.map((field) => [field.key, field.value]));
    const cells = fields.map(({ key, value, version }) => ({ key, value, version }));
    const body = new FormData();
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("cells", JSON.stringify(cells));
    const keepalive = body.get("cells").length * 3 < KEEPALIVE_BYTES;
    let answer, content;
    try {
      const headers = { Accept: "application/json" };
      answer = await fetch(this.url, { method: "POST", body, headers, keepalive });
      content = answer.status < 500 ? await answer.json() : null;
    } catch {
      return this.#retry("offline");
    }
    if (!content) return this.#retry("fault");
    this.failures = 0;
    if (!answer.ok) {
      this.trouble = content.message ?? this.status.dataset.session;
      return null;
    }
    this.trouble = "";
    fields.forEach((field) => { field.chosen = false; });
    for (const cell of content.cells) this.#take(cell, sent.get(cell.key));
    const saved = content.cells.filter((cell) => cell.state === "saved");
    if (saved.length) {
      this.savedAt = saved.at(-1).time;
      document.dispatchEvent(new CustomEvent("autosave:saved", { detail: { cells: saved } }));
    }
    return null;
  }

  #take(cell, sent) {
    const field = this.fields.get(cell.key);
    if (cell.state === "saved") field.keep(cell, sent);
    if (cell.state === "refused") {
      field.refused = sent;
      showRefusal(field.control, cell.message);
    }
    if (cell.state === "conflict") {
      field.conflict = { ...cell, yours: sent };
      showConflict(field.control, field.conflict, (choice) => this.#choose(field, choice));
    }
  }

  // The chosen value is sent, theirs too: it tells the server that the other need not be kept.
  #choose(field, value) {
    const { theirs, version } = field.conflict;
    field.keep({ value: theirs, version });
    field.value = value;
    field.chosen = true;
    field.control.focus();
    this.#send();
  }

  #retry(trouble) {
    this.trouble = this.status.dataset[trouble];
    const seconds = RETRY_SECONDS[Math.min(this.failures, RETRY_SECONDS.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.#send(), seconds * 1000);
    return null;
  }

  #show() {
    const [state, text] = this.#state();
    this.status.dataset.state = state;
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  #state() {
    const { dataset } = this.status;
    const refused = this.#all.filter((field) => field.refused !== null);
    const conflicts = this.#all.filter((field) => field.conflict);
    if (this.trouble && this.pending) return ["trouble", this.trouble];
    if (this.sending || this.#waiting.length) return ["saving", dataset.saving];
    if (refused.length) return ["trouble", dataset.refused.replace("#", refused.length)];
    if (conflicts.length) return ["trouble", dataset.conflict.replace("#", conflicts.length)];
    if (this.savedAt) return ["saved", dataset.saved.replace("#", this.savedAt)];
    return ["idle", dataset.idle];
  }
}
