from functools import cache

from axe_playwright_python.sync_playwright import Axe

AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    # No rule of these reads style sheets.
    "preload": {"assets": ["media"]},
}


AXE = """([options, within, coloured]) => {
  const loaded = window.axe ?? window.loadAxe?.();
  if (!loaded) return null;
  loaded.configure({ rules: [{
    id: "color-contrast", selector: coloured ? `:is(${coloured}), :is(${coloured}) *` : "*",
  }] });
  return loaded.run(within ?? document, options).then(({ violations }) => violations.flatMap(
    ({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}\n    ${html}`)));
}"""


@cache
def axe_script():
    return Axe().axe_script


def bring_axe(context):
    """Pages of the context read axe when they are first asked, instead of being sent it each."""
    context.add_init_script(f"window.loadAxe = () => {{ {axe_script()}\nreturn window.axe; }}")


def assert_accessible(page, within=None, coloured=None):
    """axe finds nothing, by the rules of WCAG 2.2 AA and axe's best practice.

    Both are selectors; contrasts, which take as long as all else, may be asked of `coloured` only.
    """
    asked = [AXE_OPTIONS, within, coloured]
    lines = page.evaluate(AXE, asked)
    if lines is None:
        page.evaluate(axe_script())
        lines = page.evaluate(AXE, asked)
    assert not lines, "\n".join([page.url, *lines])


def assert_fits_phone(page):
    """At 320 px the page does not scroll sideways (WCAG 1.4.10)."""
    before = page.viewport_size
    if before["width"] != 320:
        page.set_viewport_size({"width": 320, "height": 640})
    width = page.evaluate("document.documentElement.scrollWidth")
    if before["width"] != 320:
        page.set_viewport_size(before)
    assert width <= 320, f"{page.url} is {width} px wide at 320 px"


#: A page's title, language, number of main headings, and whether its first stop leads to main.
MARKS = """() => {
  const first = document.querySelector("a[href], button, input, select, textarea, summary");
  const main = document.querySelectorAll("#main[tabindex='-1']");
  const skips = first?.matches(".skip-link[href='#main']") && main.length === 1;
  const headings = document.querySelectorAll("h1").length;
  return [document.title, document.documentElement.lang, headings,
    !document.querySelector("header") || skips];
}"""


def assert_well_made(page, language):
    """Named and marked up so that a reader's tools know where they are."""
    title, lang, headings, skips = page.evaluate(MARKS)
    assert title.split("·")[0].strip(), f"{page.url} has no title"
    assert (lang, headings) == (language, 1), f"{page.url}: lang {lang}, {headings} h1"
    assert skips, f"{page.url}: the first link does not skip to the content"


def assert_skips_to_content(page):
    """The first thing that the keyboard reaches leads past the frame to the content."""
    page.locator(".skip-link").press("Enter")
    assert page.evaluate("document.activeElement.id") == "main", page.url
