// What every page has: menus that close, an error summary that is read first, no accidental second send,
// nothing left in the browser after signing out.

const menus = document.querySelectorAll("details.menu");
document.addEventListener("click", (event) => {
  menus.forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menus.forEach((menu) => {
    if (!menu.open) return;
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  });
});

document.getElementById("error-summary")?.focus();

// Back shows the form anew. With its old key, what was sent from it once is not taken a second time.
const keys = [...document.querySelectorAll("input[name=once]")];
const [navigation] = performance.getEntriesByType("navigation");
const known = navigation?.type === "back_forward" ? (history.state?.once ?? []) : [];
if (known.length === keys.length) keys.forEach((key, index) => { key.value = known[index]; });
if (keys.length) history.replaceState({ once: keys.map((key) => key.value) }, "");

// Leaving a form with typed text that is not saved asks first; what came back refused is not saved.
const refused = document.querySelector("#error-summary, [data-guard] .conflict, .theirs") !== null;
for (const form of document.querySelectorAll("form[data-guard]")) {
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  const before = typed();
  let sent = false;
  form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && (refused || typed() !== before)) event.preventDefault();
  });
}

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    const sign = form.querySelector("[data-busy]");
    if (sign) sign.textContent = sign.dataset.busy;
  });
}
const mayBeSent = () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  document.querySelectorAll("[data-busy]").forEach((sign) => { sign.textContent = ""; });
};
window.addEventListener("pageshow", mayBeSent);
// Asked whether to leave, she may have stayed.
window.addEventListener("beforeunload", (event) => setTimeout(() => event.defaultPrevented && mayBeSent()));

// What was typed and not saved (autosave-store.js) is of one person, until she signs out.
const { user } = document.body.dataset;
const others = (name) => user && name !== `unsaved-${user}`;
if (sessionStorage.getItem("signed-out")) sessionStorage.clear();
Object.keys(sessionStorage).filter(others).forEach((name) => sessionStorage.removeItem(name));
document.querySelectorAll("form[data-sign-out]").forEach((form) => form.addEventListener("submit", () => {
  sessionStorage.setItem("signed-out", "yes");
}));
