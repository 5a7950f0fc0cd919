// How long a text is, in characters as a reader counts them, once it comes near to what is allowed.

const NEAR = 0.5;
const shown = new Intl.NumberFormat("en");

for (const counter of document.querySelectorAll(".counter")) {
  const control = document.getElementById(counter.dataset.for);
  const limit = Number(counter.dataset.limit);
  const count = () => {
    const length = [...control.value].length;
    counter.hidden = length < limit * NEAR;
    counter.classList.toggle("over", length > limit);
    counter.textContent = counter.dataset.text.replace("#", shown.format(length)).replace("#", shown.format(limit));
  };
  control.addEventListener("input", count);
  count();
}
