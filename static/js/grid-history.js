// Takes back the last change of the grid: what was typed into one cell, or a whole paste.

// As typing does it, so that whoever listens saves the value and shows what it comes to.
export function setValue(control, value) {
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

export class History {
  #steps = [];
  #typing = null;
  #left = null;

  constructor(form) {
    form.addEventListener("focusin", ({ target }) => this.#enter(target));
    form.addEventListener("focusout", ({ target }) => {
      this.#close();
      if (target.dataset.key) this.#left = target;
    });
  }

  // Sets [control, value] pairs as one step.
  fill(pairs) {
    this.#close();
    this.#left = null;
    this.#steps.push(pairs.map(([control]) => [control, control.value]));
    pairs.forEach(([control, value]) => setValue(control, value));
    this.#begin(document.activeElement);
  }

  // Returns how many cells have their former value again.
  undo() {
    this.#close();
    this.#left = null;
    const step = this.#steps.pop() ?? [];
    step.forEach(([control, value]) => setValue(control, value));
    if (step.length) {
      step[0][0].focus();
      step[0][0].select();
    }
    this.#begin(document.activeElement);
    return step.length;
  }

  // Back in the cell from another window, or from a button about it, one goes on typing.
  #enter(control) {
    const step = this.#steps.at(-1) ?? [];
    if (control === this.#left && step.length === 1 && step[0][0] === control) {
      [this.#typing] = this.#steps.pop();
    } else this.#begin(control);
  }

  #begin(control) {
    this.#typing = control.dataset?.key ? [control, control.value] : null;
  }

  #close() {
    const [control, before] = this.#typing ?? [];
    if (control && control.value !== before) this.#steps.push([[control, before]]);
    this.#typing = null;
  }
}
