import re

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Membership, User
from accounts.permissions import Role

CHOICES = (forms.ChoiceField, forms.ModelChoiceField, forms.FileField)


class NamingErrors:
    """Mixed into a form: a field left empty is named in its error, as in "Enter: Username"."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        stock = forms.Field.default_error_messages["required"]
        for field in self.fields.values():
            if field.error_messages["required"] == stock:
                choice = isinstance(field, CHOICES)
                text = _("Choose: %(label)s") if choice else _("Enter: %(label)s")
                field.error_messages["required"] = text % {"label": field.label}


class SignInErrors(NamingErrors):
    """Mixed into allauth's forms, which repeat each label as a placeholder."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(SignInErrors, allauth.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The page has the link to the reset after the form, where it is not read as help.
        self.fields["password"].help_text = ""


class ChangePasswordForm(SignInErrors, allauth.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class ResetPasswordForm(SignInErrors, allauth.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(SignInErrors, allauth.ResetPasswordKeyForm):
    pass


class RoleForm(NamingErrors, forms.ModelForm):
    class Meta:
        model = Membership
        fields = ["role"]
        widgets = {"role": forms.RadioSelect}


class PersonForm(NamingErrors, forms.ModelForm):
    """A new account with its role in the agency; accounts.actions.create_user writes it."""

    role = forms.ChoiceField(
        label=_("Role"), choices=Role, initial=Role.STAFF, widget=forms.RadioSelect
    )

    class Meta:
        model = User
        fields = ["username", "name", "position", "email"]
        labels = {"username": _("Username"), "email": _("E-mail")}
        help_texts = {
            "username": _("For signing in. Small letters a-z and digits, such as somchai.t"),
            "email": _("Only for setting a new password by e-mail."),
        }
        error_messages = {
            "username": {
                # Whose it is stays unsaid: it may be a person of another agency.
                "unique": _(
                    "This username cannot be given to a new account. Choose another, "
                    "or go back and add the person as one who has an account."
                )
            }
        }

    def clean_username(self):
        username = self.cleaned_data["username"].lower()
        # What can be typed on any keyboard and read out on the telephone.
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", username):
            raise forms.ValidationError(
                _("The username takes small letters a-z, digits, dots and hyphens only.")
            )
        return username


class ExistingPersonForm(NamingErrors, forms.Form):
    """A role for somebody who has an account already, known by the exact username alone."""

    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        help_text=_("Ask the person for it; it must be exact."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=Role, initial=Role.STAFF, widget=forms.RadioSelect
    )

    def __init__(self, *args, agency, **kwargs):
        super().__init__(*args, **kwargs)
        self.agency = agency

    def clean_username(self):
        username = self.cleaned_data["username"].strip().lower()
        self.user = User.objects.filter(
            username=username, is_active=True, is_superuser=False
        ).first()
        if self.user is None:
            raise forms.ValidationError(
                _("No account can be added by this username. Check it with the person.")
            )
        if self.user.memberships.filter(agency=self.agency).exists():
            raise forms.ValidationError(_("This person is in the agency's list already."))
        return username


class ThresholdField(forms.DecimalField):
    """Decimal takes Thai digits by itself, but 8e1 too."""

    def to_python(self, value):
        if value and not re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", str(value)):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class AgencyForm(NamingErrors, forms.ModelForm):
    """What an agency's admin may change of it; accounts.actions.change_agency writes it."""

    class Meta:
        model = Agency
        fields = ["name", "kind", "district", "province", "threshold"]
        field_classes = {"threshold": ThresholdField}
        # Not a number input: browsers refuse Thai digits in one.
        widgets = {"threshold": forms.TextInput(attrs={"inputmode": "decimal", "size": 8})}
        help_texts = {
            "district": _("Without the word for district."),
            "province": _("Without the word for province."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Only what differs from what this page was opened with is a change: another admin may
        # have changed the rest since.
        for field in self.fields.values():
            field.show_hidden_initial = True
        number = _("The strength threshold must be a number from 0 to 100, such as 80 or 82.50.")
        threshold = self.fields["threshold"]
        for code in ("invalid", "max_value", "min_value", "max_digits", "max_whole_digits"):
            threshold.error_messages[code] = number
        threshold.error_messages["max_decimal_places"] = _(
            "The strength threshold can have at most 2 decimal places."
        )
