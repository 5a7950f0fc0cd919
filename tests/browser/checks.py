from axe_playwright_python.sync_playwright import Axe

AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}


def assert_accessible(page, contrast=True):
    """axe finds nothing, by the rules of WCAG 2.2 AA and axe's best practice."""
    options = AXE_OPTIONS | {
        "rules": AXE_OPTIONS["rules"] | {"color-contrast": {"enabled": contrast}}
    }
    found = [
        f"{violation['id']}: {violation['help']}\n    {node['html']}"
        for violation in Axe().run(page, options=options).response["violations"]
        for node in violation["nodes"]
    ]
    assert not found, "\n".join([page.url, *found])


def assert_fits_phone(page):
    """At 320 px the page does not scroll sideways (WCAG 1.4.10)."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(before)
    assert width <= 320, f"{page.url} is {width} px wide at 320 px"


def assert_well_made(page, language):
    """Named and marked up so that a reader's tools know where they are."""
    title, [lang, headings] = (
        page.title(),
        page.evaluate("[document.documentElement.lang, document.querySelectorAll('h1').length]"),
    )
    assert title.split(" · ")[0].strip(), f"{page.url} has no title"
    assert (lang, headings) == (language, 1), f"{page.url}: lang {lang}, {headings} h1"


def assert_skips_to_content(page):
    """The first thing that the keyboard reaches leads past the frame to the content."""
    page.locator(".skip-link").press("Enter")
    assert page.evaluate("document.activeElement.id") == "main", page.url
