from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.digests import digest_for, mail_is_set_up, mark_mailed, waiting
from accounts.notices import sweep
from measures.reminders import remind


class Command(BaseCommand):
    help = "Gives the reminders of the day and mails each person what she has not read. Run daily."

    def add_arguments(self, parser):
        parser.add_argument(
            "--print", action="store_true", help="show the mails instead of sending them"
        )

    def handle(self, *args, **options):
        # People read it, not whoever runs it.
        with translation.override("th"):
            remind(timezone.localdate())
            sweep()
            if options["print"]:
                self._print()
            elif mail_is_set_up():
                self._send()
            else:
                self.stdout.write(_("Reminders given. Mail is not set up (EMAIL_URL): none sent."))

    def _print(self):
        for person, notices in waiting():
            mail = digest_for(person, notices)
            self.stdout.write(f"{person.username}: {mail.subject}\n\n{mail.body}")

    def _send(self):
        people, connection = waiting(), get_connection()
        try:
            connection.open()
        except OSError as error:
            raise CommandError(
                _("The mail server cannot be reached (%(reason)s): %(count)s mails wait.")
                % {"reason": type(error).__name__, "count": len(people)}
            ) from None
        sent, failed = 0, []
        for person, notices in people:
            mail = digest_for(person, notices)
            mail.connection = connection
            try:
                mail.send()
            except (OSError, ValueError) as error:
                # Of the address, or of the server: those that follow may still go.
                failed.append(type(error).__name__)
            else:
                mark_mailed(notices)
                sent += 1
        connection.close()
        self.stdout.write(_("Mails sent: %(count)s.") % {"count": sent})
        if failed:
            raise CommandError(
                _("Mails not sent: %(count)s (%(reasons)s). They are tried again at the next run.")
                % {"count": len(failed), "reasons": ", ".join(sorted(set(failed)))}
            )
