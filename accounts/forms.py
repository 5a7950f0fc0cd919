import re

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts import emblems
from accounts.invitations import may_reopen
from accounts.models import Agency, Membership, Unit, User
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


class InvitationForm(NamingErrors, forms.Form):
    """A newcomer's username and code, and the password that she chooses."""

    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    code = forms.CharField(
        label=_("Invitation code"),
        max_length=50,
        help_text=_("Small letters, capitals, spaces and hyphens make no difference."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )
    password1 = forms.CharField(
        label=_("Your new password"),
        strip=False,
        help_text=_("At least 10 characters. A sentence that you remember is good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Your new password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password1(self):
        # What the code's owner is called, only the action may compare it with.
        password = self.cleaned_data["password1"]
        validate_password(password, User(username=self.cleaned_data.get("username", "")))
        return password

    def clean_password2(self):
        password = self.cleaned_data["password2"]
        if self.cleaned_data.get("password1", password) != password:
            raise forms.ValidationError(_("You must type the same password each time."))
        return password

    @property
    def facts(self):
        names = {"username": "username", "code": "code", "password1": "password"}
        return {argument: self.cleaned_data[name] for name, argument in names.items()}


#: What a role may do, in a line.
DUTIES = {
    Role.STAFF: _(
        "Enters scores and writes issues, measures and progress; with a unit, that unit's measures."
    ),
    Role.COORDINATOR: _(
        "Does what staff do for all units, submits for review and records the publication."
    ),
    Role.ADMIN: _(
        "Reviews, returns, approves and publishes, sets up the year and manages the people; "
        "does not write."
    ),
    Role.EXECUTIVE: _("Reads everything, comments, returns and signs."),
    Role.VIEWER: _("Only reads; does not see internal evidence."),
}


def _roles():
    return [
        (role.value, format_html("<span>{}<small>{}</small></span>", role.label, duty))
        for role, duty in DUTIES.items()
    ]


class DutyFields(NamingErrors, forms.Form):
    """The role of a person in an agency, and her unit where she has one."""

    role = forms.ChoiceField(
        label=_("Role"), choices=_roles, initial=Role.STAFF, widget=forms.RadioSelect
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
        empty_label=_("No unit: the whole agency"),
    )

    def __init__(self, *args, agency, **kwargs):
        super().__init__(*args, **kwargs)
        self.agency = agency
        self.fields["unit"].queryset = agency.units.all()


class RoleForm(DutyFields):
    """Another role or unit; accounts.actions.set_role writes it."""


class PersonForm(DutyFields, forms.ModelForm):
    """A new account with its role in the agency; accounts.invitations.invite writes it."""

    field_order = ["username", "name", "position", "email", "role", "unit"]

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


class DetailsForm(NamingErrors, forms.ModelForm):
    """accounts.actions.change_details writes it; `of` is whose it is, and stays as it is here."""

    class Meta:
        model = User
        fields = ["name", "position"]

    def __init__(self, data=None, *, of):
        super().__init__(data, initial={"name": of.name, "position": of.position})


class ExistingPersonForm(DutyFields):
    """A role for somebody who has an account already, known by the exact username alone."""

    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        help_text=_("Ask the person for it; it must be exact."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    field_order = ["username", "role", "unit"]

    def clean_username(self):
        username = self.cleaned_data["username"].strip().lower()
        self.user = User.objects.filter(username=username, is_superuser=False).first()
        if self.user is None or not (self.user.is_active or may_reopen(self.user, self.agency)):
            raise forms.ValidationError(
                _("No account can be added by this username. Check it with the person.")
            )
        if self.user.memberships.filter(agency=self.agency).exists():
            raise forms.ValidationError(_("This person is in the agency's list already."))
        return username


class RemovalForm(forms.Form):
    """Out of the agency; an account that serves no other one can be closed with it."""

    closes = forms.BooleanField(
        label=_("Close the account too"),
        required=False,
        help_text=_("It serves no other agency. It can be opened again here with a new code."),
    )

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        if membership.user.memberships.exclude(pk=membership.pk).exists():
            del self.fields["closes"]


class HandoverForm(NamingErrors, forms.Form):
    """To whom somebody's work goes, and what becomes of her own access."""

    successor = forms.ModelChoiceField(
        Membership.objects.none(),
        label=_("Who takes over the work"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    with_role = forms.BooleanField(label=_("The successor also gets the role"), required=False)
    leaves = forms.BooleanField(label=_("Remove from the agency"), required=False)

    def __init__(self, *args, membership, successors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors
        self.fields["successor"].label_from_instance = _with_duty
        duty = {"duty": duty_of(membership)}
        self.fields["with_role"].label = _("The successor also becomes: %(duty)s") % duty
        facts = {"name": membership.user.get_full_name()}
        self.fields["leaves"].label = (
            _("%(name)s leaves the agency; the account stays for other agencies")
            if membership.user.memberships.exclude(pk=membership.pk).exists()
            else _("%(name)s leaves the agency, and the account is closed")
        ) % facts


def duty_of(membership):
    """The role, and the unit where there is one."""
    parts = [membership.get_role_display()]
    if membership.unit:
        parts.append(membership.unit.name)
    return " · ".join(parts)


def _with_duty(membership):
    user = membership.user
    lines = [part for part in (user.position, duty_of(membership)) if part]
    return format_html("<span>{}<small>{}</small></span>", user.get_full_name(), " · ".join(lines))


class ThresholdField(forms.DecimalField):
    """Decimal takes Thai digits by itself, but 8e1 too."""

    def to_python(self, value):
        if value and not re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", str(value)):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class EmblemInput(forms.FileInput):
    """A file box with the emblem of now above it."""

    template_name = "accounts/parts/emblem_input.html"

    def __init__(self, agency):
        super().__init__({"accept": emblems.ACCEPT})
        self.agency = agency

    def get_context(self, *args):
        return super().get_context(*args) | {"agency": self.agency}


class AgencyForm(NamingErrors, forms.ModelForm):
    """What an agency's admin may change of it; accounts.actions.change_agency writes it, and
    accounts.emblems.change_emblem the emblem, which is here the PNG that will be kept.
    """

    emblem = forms.FileField(
        label=_("Emblem"),
        required=False,
        help_text=_(
            "Shown on the cover of the reports, of revisions from the next submission on. JPG or "
            "PNG of at most 5 MB; a PNG with a transparent background looks best."
        ),
    )
    remove_emblem = forms.BooleanField(label=_("Remove the emblem"), required=False)

    class Meta:
        model = Agency
        fields = [
            *("name", "kind", "district", "province", "threshold", "own_approval_reason"),
            *("contact", "thai_digits"),
        ]
        field_classes = {"threshold": ThresholdField}
        # Not a number input: browsers refuse Thai digits in one.
        widgets = {
            "threshold": forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
            "own_approval_reason": forms.Textarea(attrs={"rows": 3}),
            "contact": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "district": _("Without the word for district."),
            "province": _("Without the word for province."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Only what differs from what this page was opened with is a change: another admin may
        # have changed the rest since.
        for name in self.Meta.fields:
            self.fields[name].show_hidden_initial = True
        self.fields["emblem"].widget = EmblemInput(self.instance)
        if self.instance.emblem_id is None:
            del self.fields["remove_emblem"]
        number = _("The strength threshold must be a number from 0 to 100, such as 80 or 82.50.")
        threshold = self.fields["threshold"]
        for code in ("invalid", "max_value", "min_value", "max_digits", "max_whole_digits"):
            threshold.error_messages[code] = number
        threshold.error_messages["max_decimal_places"] = _(
            "The strength threshold can have at most 2 decimal places."
        )

    def clean_contact(self):
        # One kind of line end, without which what came back unchanged would look changed.
        return "\n".join(
            line.rstrip() for line in re.split("\r\n|\r|\n", self.cleaned_data["contact"])
        )

    def clean_emblem(self):
        upload = self.cleaned_data["emblem"]
        return emblems.drawn(upload) if upload else None
