from django.urls.converters import IntConverter


class YearConverter(IntConverter):
    """A fiscal year in Buddhist Era, four digits."""

    regex = "2[4-6][0-9]{2}"

    def to_python(self, value):
        year = super().to_python(value)
        # Every page links to the years around its own, which must have addresses too.
        if not 2410 <= year < 2690:
            raise ValueError(value)
        return year
