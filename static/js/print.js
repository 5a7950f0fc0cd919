// A sheet of paper: the button that prints it works with a script only, so it shows up with one.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
