// What an autosaved field shows when its value was not taken: why, or the two values to choose from.

const place = (control) => document.getElementById(control.dataset.conflict);

function tie(control, box) {
  box.id = `${control.dataset.conflict}-box`;
  place(control).replaceChildren(box);
  clearTie(control);
  const others = control.getAttribute("aria-describedby");
  control.setAttribute("aria-describedby", [others, box.id].filter(Boolean).join(" "));
}

function clearTie(control) {
  const id = `${control.dataset.conflict}-box`;
  const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each !== id);
  if (others.join("")) control.setAttribute("aria-describedby", others.join(" "));
  else control.removeAttribute("aria-describedby");
}

export function clearBox(control) {
  place(control).replaceChildren();
  control.removeAttribute("aria-invalid");
  clearTie(control);
}

export function showRefusal(control, message) {
  const text = document.createElement("p");
  text.className = "field-error";
  text.textContent = message;
  control.setAttribute("aria-invalid", "true");
  tie(control, text);
}

// `choose` gets the value that is to stand.
export function showConflict(control, { yours, theirs, person, time }, choose) {
  const box = document.getElementById("conflict-box").content.firstElementChild.cloneNode(true);
  const fill = (part, text) => { box.querySelector(`[data-part=${part}]`).textContent = text || "–"; };
  Object.entries({ yours, theirs, person, time }).forEach(([part, text]) => fill(part, text));
  const both = box.querySelector("[data-use=both]");
  if (control.tagName !== "TEXTAREA") both.remove();
  const values = { yours, theirs, both: `${yours}\n${theirs}` };
  box.addEventListener("click", (event) => {
    const use = event.target.closest("[data-use]")?.dataset.use;
    if (use) choose(values[use]);
  });
  tie(control, box);
}
