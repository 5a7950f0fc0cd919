// Saves fields as they are typed. What the line of the save state says is always true: "saved" comes
// from the server's answer alone, and only when nothing else waits.
//
// A field carries data-key, data-version, data-saved and data-conflict (the id of an empty element
// for messages). After each save `autosave:saved` goes out on the document, with detail.cells.

import { bothTexts, clearBox, showConflict, showRefusal } from "./autosave-box.js";
import { isSamePerson, refreshTokens, signInAgain, token } from "./autosave-session.js";
import { recall, remember } from "./autosave-store.js";

const AFTER_LAST_KEY = 700;
const RETRY_SECONDS = [1, 2, 4, 8, 15, 30];
const ANSWER_WITHIN = 20_000;
const LEAVE_WITHIN = 3_000;
// The most that a browser sends for a page that is being left.
const KEEPALIVE_BYTES = 60_000;

class Field {
  constructor(control) {
    this.control = control;
    this.key = control.dataset.key;
    this.version = Number(control.dataset.version);
    this.saved = control.dataset.saved.replaceAll("\r", "");
    // How the saved value was typed, which the server may write otherwise: 87.5 for 87.50.
    this.typed = this.saved;
    this.refused = null;
    this.conflict = null;
    // The server is to be told, whatever it has: of a choice, or because an answer was lost.
    this.untold = false;
  }

  get value() {
    const { control } = this;
    return control.type === "checkbox" && !control.checked ? "" : control.value;
  }

  set value(value) {
    const before = this.value;
    if (this.control.type === "checkbox") this.control.checked = value === this.control.value;
    else this.control.value = value;
    // For what else reads the page as it is typed.
    if (this.value !== before) this.control.dispatchEvent(new Event("input", { bubbles: true }));
  }

  get unsaved() {
    // The server keeps the value of a conflict.
    const kept = [this.saved, this.typed, this.conflict?.yours];
    return this.untold || !kept.includes(this.value);
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

  // Shows the value as the server writes it, once nobody types there.
  settle() {
    const writes = this.control === document.activeElement || this.control.tagName === "SELECT";
    if (!writes && this.value === this.typed) this.value = this.saved;
  }
}

export class Autosave {
  constructor({ url, controls, status }) {
    this.url = url;
    this.status = status;
    this.fields = new Map();
    this.sending = null;
    this.underWay = new Map();
    this.trouble = "";
    this.failures = 0;
    this.renewed = false;
    this.savedAt = "";
    for (const control of controls) this.#bind(new Field(control));
    this.#bindPage();
    this.#restore();
    this.#show();
  }

  // Whether the server may have something else than what stands here.
  get pending() {
    return this.sending !== null || this.#all.some((field) => field.unsaved);
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
      if (field.conflict) this.#disagree(field, field.conflict);
      else clearBox(control);
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

  #bindPage() {
    window.addEventListener("online", () => this.#send());
    document.addEventListener("visibilitychange", () => document.hidden && this.#send());
    window.addEventListener("pagehide", () => {
      const left = this.#waiting.filter((field) => this.underWay.get(field.key) !== field.value);
      if (left.length) fetch(this.url, this.#request(left)).catch(() => {});
    });
    window.addEventListener("beforeunload", (event) => { if (this.pending) event.preventDefault(); });
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href]");
      const plain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      const elsewhere = link && link.pathname + link.search !== location.pathname + location.search;
      const leaves = elsewhere && link.origin === location.origin && !link.target;
      if (!leaves || !plain || event.defaultPrevented || !this.pending) return;
      event.preventDefault();
      this.#beforeLeaving().then(() => location.assign(link.href));
    });
    const passed = new WeakSet();
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (passed.delete(form) || !this.pending || form.closest("dialog")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      // Not before this event is over: until then the form takes no other.
      this.#beforeLeaving().then(() => setTimeout(() => {
        passed.add(form);
        form.requestSubmit(event.submitter);
      }));
    }, { capture: true });
  }

  // The next page shall show what was typed on this one.
  #beforeLeaving() {
    return Promise.race([this.flush(), new Promise((done) => { setTimeout(done, LEAVE_WITHIN); })]);
  }

  // What was typed here before and not saved, or not chosen about.
  #restore() {
    const kept = JSON.parse(document.getElementById("kept-values")?.textContent ?? "[]");
    for (const { key, ...told } of kept) {
      const field = this.fields.get(key);
      if (!field || told.yours === field.saved) continue;
      const same = told.theirs === field.saved;
      const now = { theirs: field.saved, version: field.version };
      this.#disagree(field, { ...told, ...now, ...(same ? {} : { person: "", time: "" }) });
    }
    for (const [key, { value, version }] of Object.entries(recall())) {
      const field = this.fields.get(key);
      if (!field || value === field.saved) continue;
      field.version = version;
      field.value = value;
    }
    if (this.#waiting.length) this.#send();
  }

  #send() {
    clearTimeout(this.timer);
    const fields = this.#waiting;
    if (!this.sending && fields.length) {
      this.underWay = new Map(fields.map((field) => [field.key, field.value]));
      this.sending = this.#post(fields).finally(() => {
        this.sending = null;
        this.underWay.clear();
      }).then(() => {
        this.#show();
        // What was typed meanwhile.
        if (!this.trouble && this.#waiting.length) this.#send();
      });
    }
    this.#show();
    return this.sending;
  }

  #request(fields) {
    const cells = fields.map(({ key, value, version }) => ({ key, value, version }));
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    body.set("user", document.body.dataset.user);
    body.set("page", location.pathname);
    body.set("cells", JSON.stringify(cells));
    const keepalive = body.get("cells").length * 3 < KEEPALIVE_BYTES;
    return { method: "POST", body, headers: { Accept: "application/json" }, keepalive };
  }

  async #post(fields) {
    let answer;
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN);
      answer = await fetch(this.url, { ...this.#request(fields), signal });
    } catch {
      this.#retry("offline", fields);
      return;
    }
    const content = await answer.json().catch(() => ({}));
    if (answer.ok && content.cells) this.#takeAll(content.cells, fields);
    else if (content.sign_in) this.#signIn(content.sign_in);
    else if (content.outdated) await this.#renew();
    else if (content.message) this.trouble = this.status.dataset.because.replace("#", content.message);
    else this.#retry("fault", fields);
  }

  #takeAll(cells, fields) {
    this.trouble = "";
    this.failures = 0;
    this.renewed = false;
    fields.forEach((field) => { field.untold = false; });
    for (const cell of cells) this.#take(cell, this.underWay.get(cell.key));
    const saved = cells.filter((cell) => cell.state === "saved");
    if (!saved.length) return;
    this.savedAt = saved.at(-1).time;
    document.dispatchEvent(new CustomEvent("autosave:saved", { detail: { cells: saved } }));
  }

  #take(cell, sent) {
    const field = this.fields.get(cell.key);
    if (cell.state === "saved") field.keep(cell, sent);
    if (cell.state === "conflict") this.#disagree(field, { ...cell, yours: sent });
    if (cell.state === "refused") {
      field.refused = sent;
      showRefusal(field.control, cell, () => this.#takeUp(field, cell.suggestion));
    }
  }

  // In the field, so that one may take it back as what was typed there.
  #takeUp(field, suggestion) {
    field.control.focus();
    field.value = suggestion;
    this.#send();
  }

  #disagree(field, conflict) {
    field.conflict = conflict;
    showConflict(field.control, conflict, (choice) => this.#choose(field, choice));
  }

  // The chosen value is sent, theirs too: it tells the server that the other need not be kept.
  #choose(field, choice) {
    const { theirs, version } = field.conflict;
    const yours = field.unsaved ? field.value : field.conflict.yours;
    field.keep({ value: theirs, version });
    field.value = { theirs, yours, both: bothTexts(yours, theirs) }[choice];
    field.untold = true;
    field.control.focus();
    this.#send();
  }

  // `fields` are those that may have reached the server all the same.
  #retry(trouble, fields = []) {
    fields.forEach((field) => { field.untold = true; });
    this.trouble = this.status.dataset[trouble];
    const seconds = RETRY_SECONDS[Math.min(this.failures, RETRY_SECONDS.length - 1)];
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#send(), seconds * 1000);
  }

  #signIn(url) {
    this.trouble = this.status.dataset.session;
    signInAgain(url).then((done) => done && this.#goOn());
  }

  // Somebody has signed in since this page was loaded; perhaps it was she herself.
  async #renew() {
    const page = await refreshTokens().catch(() => null);
    if (!page) this.#retry("offline");
    else if (page.signIn) this.#signIn(page.signIn);
    else if (this.renewed && isSamePerson()) this.#retry("fault");
    else this.#goOn();
    this.renewed = true;
  }

  #goOn() {
    this.trouble = isSamePerson() ? "" : this.status.dataset.other;
    this.#show();
    if (!this.trouble) this.#send();
  }

  #show() {
    const [state, text] = this.#state();
    this.status.dataset.state = state;
    // To be read out is what came of it, not each saving too.
    this.status.ariaBusy = String(state === "saving");
    if (this.status.textContent !== text) this.status.textContent = text;
    const unsaved = this.#all.filter((field) => field.unsaved);
    remember(Object.fromEntries(unsaved.map(({ key, value, version }) => [key, { value, version }])));
  }

  #state() {
    const { dataset } = this.status;
    if (this.trouble && this.pending) return ["trouble", this.trouble];
    if (this.sending || this.#waiting.length) return ["saving", dataset.saving];
    const count = (name) => this.#all.filter((field) => field[name] !== null).length;
    const open = ["refused", "conflict"].filter(count).map((name) => dataset[name].replace("#", count(name)));
    if (open.length) return ["trouble", open.join(" ")];
    if (this.savedAt) return ["saved", dataset.saved.replace("#", this.savedAt)];
    return ["idle", dataset.idle];
  }
}
