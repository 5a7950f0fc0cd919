import pytest
from playwright.sync_api import Error

from tests.browser.checks import assert_accessible, assert_fits_phone


def test_the_login_page_is_accessible_and_fits_a_phone(page):
    page.goto("/account/login/")
    assert_accessible(page)
    assert_fits_phone(page)


def test_an_error_in_the_console_is_noticed(page, complaints):
    page.goto("/account/login/")
    page.evaluate("console.error('broken')")
    assert complaints == ["Console: broken"]
    complaints.clear()


def test_an_inline_style_is_refused_and_noticed(page, complaints):
    page.goto("/account/login/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert "Content Security Policy" in complaints.pop()
    complaints.clear()


def test_a_page_of_bad_contrast_is_not_accessible(page):
    page.set_content("<html lang=th><title>t</title><main><h1>h</h1><img src=data:,></main></html>")
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)


def test_the_browser_reaches_no_other_host(page):
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")
