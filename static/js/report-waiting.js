// While a report is made: says how far it is, and opens it when it is there. Without this script the
// page loads itself again.

const box = document.querySelector("[data-report-waiting]");
const status = box.querySelector("[role=status]");
const begun = status.textContent;
const howFar = document.getElementById("how-far");

// A text that stays the same is not read aloud again.
const say = (place, text) => {
  if (place.textContent !== text) place.textContent = text;
};

async function look() {
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(location.href, { headers, cache: "no-store" });
    const found = answer.ok ? await answer.json() : { waiting: false };
    if (!found.waiting) {
      // The page knows better than this script what there is instead, where it is no report.
      if (answer.ok) say(status, box.dataset.ready);
      location.reload();
      return;
    }
    say(status, begun);
    say(howFar, found.text);
  } catch {
    say(status, box.dataset.offline);
  }
  setTimeout(look, 1000);
}

setTimeout(look, 1000);
