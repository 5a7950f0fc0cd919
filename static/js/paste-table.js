// A table pasted from Word comes as HTML too, which keeps the lines of its cells. It is sent as it is
// and read by the server as text alone; what is typed afterwards counts instead.

const box = document.querySelector("[data-paste=html]");
const html = document.getElementById("html");

box.addEventListener("paste", (event) => {
  const markup = event.clipboardData.getData("text/html");
  if (!markup.includes("<td")) return;
  event.preventDefault();
  box.value = event.clipboardData.getData("text/plain");
  html.value = markup;
});
box.addEventListener("input", () => { html.value = ""; });
