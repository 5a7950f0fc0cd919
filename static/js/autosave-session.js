// Signing in again without leaving the page whose text waits to be saved.

const dialog = document.getElementById("sign-in-again");
const { user } = document.body.dataset;
let userNow = user;
let waiting = null;

export const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
export const isSamePerson = () => userNow === user;

async function load(url) {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (answer.status >= 500) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { page, url: new URL(answer.url) };
}

// Takes the form tokens of the page as it is now; `signIn` is the address to go to if nobody is.
export async function refreshTokens() {
  const { page, url } = await load(location.href);
  userNow = page.body.dataset.user;
  // An error page names nobody: then somebody is signed in who may not see this page.
  if (!userNow && url.pathname !== location.pathname) return { signIn: url.pathname };
  // What somebody else's page has must not be sent in her name.
  if (isSamePerson()) {
    const fresh = page.querySelector("[name=csrfmiddlewaretoken]").value;
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((input) => { input.value = fresh; });
  }
  return {};
}

// Resolves to true when somebody is signed in again, to false when the dialog was closed before.
export function signInAgain(url) {
  waiting ??= new Promise((done) => {
    const stop = new AbortController();
    const { signal } = stop;
    const form = dialog.querySelector("form");
    dialog.querySelector("a").href = url;
    const end = (signedIn) => {
      stop.abort();
      waiting = null;
      dialog.close();
      form.reset();
      say("");
      done(signedIn);
    };
    const check = async () => {
      const { signIn } = await refreshTokens();
      if (signIn) say(dialog.dataset.notYet);
      else end(true);
    };
    const tell = (work) => work().catch(() => say(dialog.dataset.offline));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      delete form.dataset.sent;
      tell(() => signIn(url, form).then((problem) => (problem ? say(problem) : check())));
    }, { signal });
    dialog.querySelector("[data-again]").addEventListener("click", () => tell(check), { signal });
    dialog.addEventListener("close", () => end(false), { signal });
    dialog.showModal();
    form.elements.password.focus();
  });
  return waiting;
}

const say = (text) => { dialog.querySelector("[role=alert]").textContent = text; };

// Sends the sign-in form; resolves to why it was refused.
async function signIn(url, form) {
  const { page, url: shown } = await load(url);
  const input = page.querySelector("[name=csrfmiddlewaretoken]");
  // Whoever is signed in already, in another tab, is led on.
  if (shown.pathname !== url || !input) return "";
  const body = new FormData(form);
  body.set("csrfmiddlewaretoken", input.value);
  const headers = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" };
  const answer = await fetch(url, { method: "POST", body, headers });
  const content = await answer.json().catch(() => ({}));
  if (answer.ok) return "";
  const fields = Object.values(content.form?.fields ?? {}).flatMap((field) => field.errors);
  return [...(content.form?.errors ?? []), ...fields].join(" ") || dialog.dataset.offline;
}
