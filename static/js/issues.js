// The reason is what comes next when an issue is not taken up: the cursor waits there.

document.querySelector(".issue-list")?.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("textarea")?.focus();
}, true);
