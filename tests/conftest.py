import hypothesis
import pytest

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")

# Later than pytest's installed plugins, so that these fixtures override theirs.
pytest_plugins = ["tests.plugins.environment", "tests.plugins.browser", "tests.cast"]


@pytest.fixture(scope="session")
def base_url(live_server):
    """Here, because Playwright registers its own after every plugin."""
    return live_server.url
