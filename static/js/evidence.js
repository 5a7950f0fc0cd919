// Attaching files without leaving the page: chosen, dropped or pasted; one after the other, each with its
// progress, and with what to do where one fails. The rest of the page, and what is typed there, stays.

import { refreshTokens, token } from "./autosave-session.js";

const form = document.getElementById("evidence-form");
const boxes = [...document.querySelectorAll("[data-evidence]")];
const told = form.dataset;
const MB = 1024 * 1024;
const waiting = [];
let sending = false;

for (const box of boxes) {
  const input = box.querySelector("input[type=file]");
  box.querySelector("button[form]").hidden = true;
  box.querySelector(".evidence-ways").hidden = false;
  input.addEventListener("change", () => {
    take(box, input.files);
    // Sent on its own, so that no other form of the page takes it for something unsaved.
    input.value = "";
  });
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  box.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    box.classList.add("dropping");
  });
  box.addEventListener("dragleave", (event) => box.contains(event.relatedTarget) || box.classList.remove("dropping"));
  box.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    box.classList.remove("dropping");
    take(box, event.dataTransfer.files);
  });
}

// Dropped beside a box, a file would open in place of the page and take all typed text with it.
for (const kind of ["dragover", "drop"]) {
  window.addEventListener(kind, (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
}

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  const box = event.target.closest?.("[data-evidence]") ?? (boxes.length === 1 ? boxes[0] : null);
  if (!files.length || !box) return;
  event.preventDefault();
  take(box, files.map(named));
});

// Every pasted picture is called image.png.
function named(file) {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const time = new Date().toTimeString().slice(0, 8).replaceAll(":", ".");
  return new File([file], `${told.pasted} ${time}${file.name.slice(5)}`, { type: file.type });
}

function take(box, files) {
  for (const file of files) {
    const line = document.createElement("li");
    box.querySelector(".evidence-sending").append(line);
    const item = { box, file, line };
    if (file.size > Number(told.mostBytes)) fail(item, tooBig(file), false);
    else queue(item);
  }
}

const tooBig = (file) => told.tooBig.replace("#", file.name).replace("#", Math.ceil(file.size / MB));

function queue(item) {
  say(item, told.waiting);
  waiting.push(item);
  next();
}

async function next() {
  if (sending || !waiting.length) return;
  sending = true;
  await send(waiting.shift());
  sending = false;
  next();
}

function say({ file, line }, text) {
  line.className = "";
  line.textContent = `${file.name} · ${text}`;
}

function fail(item, text, mayRetry) {
  const { file, line } = item;
  line.className = "failed";
  line.textContent = text.includes(file.name) ? text : `${file.name} · ${text}`;
  const button = (label, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-light", textContent: label });
    made.addEventListener("click", act);
    line.append(" ", made);
  };
  if (mayRetry) {
    button(told.again, async () => {
      // The session may be another one by now.
      await refreshTokens().catch(() => {});
      queue(item);
    });
  }
  button(told.close, () => line.remove());
}

function post({ box, file }, onProgress) {
  return new Promise((done, broken) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    body.set(box.querySelector("input[type=file]").name, file);
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
    request.addEventListener("load", () => done(request));
    request.addEventListener("error", broken);
    request.send(body);
  });
}

async function send(item) {
  const request = await post(item, (part) => {
    say(item, part < 1 ? told.sending.replace("#", `${Math.floor(part * 100)}%`) : told.checking);
  }).catch(() => null);
  if (!request) return fail(item, told.offline, true);
  const answer = readJson(request.responseText);
  if (request.status === 401) return fail(item, told.session, true);
  if (!answer || request.status >= 500) return fail(item, told.fault, true);
  if (!answer.files?.length) return fail(item, (answer.refused ?? [answer.message]).join(" "), Boolean(answer.outdated));
  item.line.remove();
  const list = item.box.querySelector(".evidence-files");
  for (const html of answer.files) {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    // One that is there already was attached before.
    document.getElementById(holder.content.firstElementChild.id)?.remove();
    list.append(holder.content);
  }
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

window.addEventListener("beforeunload", (event) => {
  if (sending || waiting.length) event.preventDefault();
});
