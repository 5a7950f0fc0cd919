// The reason is what comes next when an issue is not taken up: the cursor waits there.

document.querySelector(".issue-list")?.addEventListener("click", (event) => {
  const details = event.target.closest(".leave-out summary")?.parentNode;
  if (details && !details.open) requestAnimationFrame(() => details.querySelector("textarea").focus());
});
