class YearConverter:
    """A fiscal year in Buddhist Era, four digits."""

    regex = "2[4-6][0-9]{2}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)
