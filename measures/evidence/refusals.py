from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class Refused(ValidationError):
    """A file is not taken, or not shown. The message names it and says what to do."""


def not_really(name, label):
    return Refused(
        _("“%(name)s” is not really %(kind)s. Open it and save it as %(kind)s again.")
        % {"name": name, "kind": label}
    )
