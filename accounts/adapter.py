from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an agency's admin or the operator, never by the visitor."""

    def is_open_for_signup(self, request):
        return False


def display_name(user):
    return user.get_full_name()
