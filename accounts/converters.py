class YearConverter:
    """A fiscal year in Buddhist Era: 2540 to 2699."""

    regex = "25[4-9][0-9]|26[0-9]{2}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)
