// What was typed and not saved, kept in this tab until the page is opened again: own fields only, for a
// day, and (portal.js) not after signing out or for somebody else.

const NAME = `unsaved-${document.body.dataset.user}`;
const MOST = 200_000;
const DAY = 24 * 60 * 60 * 1000;

function read() {
  const pages = Object.entries(JSON.parse(sessionStorage.getItem(NAME) ?? "{}"));
  return Object.fromEntries(pages.filter(([, { at }]) => Date.now() - at < DAY));
}

// `cells` is {key: {value, version}}, all of this page.
export function remember(cells) {
  const { [location.pathname]: known, ...pages } = read();
  if (Object.keys(cells).length) pages[location.pathname] = { at: Date.now(), cells };
  else if (!known) return;
  const text = JSON.stringify(pages);
  if (text.length <= MOST) sessionStorage.setItem(NAME, text);
}

export const recall = () => read()[location.pathname]?.cells ?? {};
