// A table pasted from Word comes as HTML too, which keeps the lines of its cells. It is read
// by the server as text alone; what is typed afterwards counts instead. Of what Word adds to
// it, which is far more than the text, only the cells and their spans are sent.

const box = document.querySelector("[data-paste=html]");
const html = document.getElementById("html");

// The page allows none: each would be told as a breach of its policy.
const STYLES = /<style[^]*?<\/style>|\sstyle=("[^"]*"|'[^']*')/gi;

function tablesOf(markup) {
  const page = new DOMParser().parseFromString(markup.replace(STYLES, ""), "text/html");
  page.querySelectorAll("script, img").forEach((element) => element.remove());
  for (const element of page.querySelectorAll("table, table *")) {
    const extra = element.getAttributeNames().filter((name) => !["rowspan", "colspan"].includes(name));
    extra.forEach((name) => element.removeAttribute(name));
  }
  const outer = [...page.querySelectorAll("table")].filter((table) => !table.parentElement.closest("table"));
  return outer.map((table) => table.outerHTML).join("");
}

box.addEventListener("paste", (event) => {
  const markup = event.clipboardData.getData("text/html");
  if (!markup.includes("<td")) return;
  event.preventDefault();
  box.value = event.clipboardData.getData("text/plain");
  html.value = tablesOf(markup);
});
box.addEventListener("input", () => { html.value = ""; });
