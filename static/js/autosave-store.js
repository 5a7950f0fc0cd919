// What was typed and not saved, kept in this tab until the page is opened again: own fields only, of
// one person, for a day, and nothing after she has signed out.

const NAME = "unsaved";
const MOST = 200_000;
const DAY = 24 * 60 * 60 * 1000;

const { user } = document.body.dataset;

function read() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(NAME));
    return stored?.user === user ? stored.pages : {};
  } catch {
    return {};
  }
}

// `cells` is {key: {value, version}}, all of this page.
export function remember(cells) {
  const { [location.pathname]: known, ...pages } = read();
  if (Object.keys(cells).length) pages[location.pathname] = { at: Date.now(), cells };
  else if (!known) return;
  const text = JSON.stringify({ user, pages });
  try {
    if (text.length <= MOST) sessionStorage.setItem(NAME, text);
  } catch {
    // Storage is full or forbidden: the text is still on the page.
  }
}

export function recall() {
  const known = read()[location.pathname];
  return known && Date.now() - known.at < DAY ? known.cells : {};
}
