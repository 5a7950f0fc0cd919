from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Modules name each other by their hashed names, so that a page never mixes two versions."""

    support_js_module_import_aggregation = True
