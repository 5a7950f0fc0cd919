from django.contrib import messages
from django.utils.translation import gettext as _


def say_told(request, people):
    """The page says who got a notice, so that nobody telephones to make sure."""
    if people:
        names = ", ".join(person.get_full_name() for person in people)
        messages.info(request, _("Told: %(names)s") % {"names": names})
