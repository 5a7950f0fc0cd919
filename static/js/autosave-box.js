// What an autosaved field shows when its value was not taken: why, or the two values to choose from.

const placeOf = (control) => document.getElementById(control.dataset.conflict);

// Puts the box into its place, or nothing, and lets the field be described by it.
function place(control, ...box) {
  placeOf(control).replaceChildren(...box);
  const id = `${control.dataset.conflict}-box`;
  box.forEach((each) => { each.id = id; });
  const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && each !== id);
  const ids = [...others, ...box.map((each) => each.id)].join(" ");
  if (ids) control.setAttribute("aria-describedby", ids);
  else control.removeAttribute("aria-describedby");
  control.removeAttribute("aria-invalid");
}

export const clearBox = (control) => place(control);

// `suggestion` is what may have been meant, for `take` to put into the field.
export function showRefusal(control, { message, suggestion }, take) {
  const box = document.getElementById("refusal-box").content.firstElementChild.cloneNode(true);
  const [text, button] = box.children;
  text.textContent = message;
  button.textContent = button.dataset.use.replace("#", suggestion);
  if (suggestion) button.addEventListener("click", take);
  else button.remove();
  place(control, box);
  control.setAttribute("aria-invalid", "true");
}

// Short values stand on the buttons; who met another window of her own is not told of "mine".
function nameValues(box, person, yours, theirs) {
  const button = (use) => box.querySelector(`[data-use=${use}]`);
  const isOwn = person === box.querySelector("[data-part=person]").dataset.you;
  const [mine, other] = [button("yours"), button("theirs")];
  mine.textContent = (isOwn ? mine.dataset.own : mine.dataset.value).replace("#", yours);
  const saved = person && !isOwn ? other.dataset.of.replace("#", person) : other.dataset.value;
  other.textContent = saved.replace("#", theirs);
  button("both").remove();
}

// Both texts, in the order of yours; a line that both have stands once.
export function bothTexts(yours, theirs) {
  const own = yours.split("\n");
  const left = [...own];
  const result = [];
  const added = [];
  for (const line of theirs.split("\n")) {
    const place = left.indexOf(line);
    if (place >= 0) result.push(...left.splice(0, place), ...added.splice(0), left.shift());
    else if (!own.includes(line)) added.push(line);
  }
  return [...result, ...left, ...added].join("\n");
}

// `choose` gets yours, theirs or both. Whose the other is may not be known any more. A control whose
// values are not for reading has `words` for them.
export function showConflict(control, { person, time, ...values }, choose) {
  const said = control.words ?? ((value) => value);
  const [yours, theirs] = [said(values.yours), said(values.theirs)];
  const box = document.getElementById("conflict-box").content.firstElementChild.cloneNode(true);
  const part = (name) => box.querySelector(`[data-part=${name}]`);
  part("yours").textContent = yours || "–";
  part("theirs").textContent = theirs || "–";
  if (person) part("person").textContent = part("person").dataset.by.replace("#", person).replace("#", time);
  if (control.tagName !== "TEXTAREA") nameValues(box, person, yours || "–", theirs || "–");
  box.addEventListener("click", (event) => {
    const use = event.target.closest("[data-use]")?.dataset.use;
    if (use) choose(use);
  });
  place(control, box);
}
