// The paragraphs of the analysis: saving as one types, and the read text that follows it.

import { Autosave } from "./autosave.js";

const controls = [...document.querySelectorAll(".text textarea")];
const saver = new Autosave({
  url: document.getElementById("texts-script").dataset.url,
  controls,
  status: document.getElementById("save-state"),
});

function element(name, words) {
  return Object.assign(document.createElement(name), { textContent: words });
}

function shown(piece) {
  if (!piece.live) return piece.text;
  return Object.assign(element("span", piece.text), { className: "live" });
}

document.addEventListener("autosave:saved", ({ detail }) => {
  for (const { key, value, version, pieces, live, typed } of detail.cells) {
    const text = document.getElementById(`text-${key}`);
    const generated = text.querySelector(".text-generated p").textContent;
    const mark = text.querySelector(".text-mark");
    text.querySelector("[name$=-version]").value = version;
    text.querySelector(".text-read").replaceChildren(...pieces.map(shown));
    text.querySelector(".text-typed").replaceChildren(...typed.map((words) => element("li", words)));
    text.querySelector(".text-live span").textContent = live.join(" · ") || "–";
    text.classList.toggle("own", value !== generated);
    mark.textContent = value === generated ? mark.dataset.generated : mark.dataset.own;
    text.querySelector(".text-stale")?.remove();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.code !== "KeyS" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  saver.flush();
});

// What met a conflict or was not saved must be seen.
for (const control of controls) {
  const place = document.getElementById(control.dataset.conflict);
  if (place.hasChildNodes() || control.value !== control.dataset.saved) control.closest("details").open = true;
}
