"""The portal's own settings, with two bare pages beside its addresses to compare with."""

from ita_portal.settings import *  # noqa: F403, TID251 - these settings are the portal's, plus one

ROOT_URLCONF = "script.benchmark.urls"
