from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html

from accounts.once import FIELD, new_key
from accounts.permissions import Role
from accounts.saving import kept_values as kept_values_of

register = template.Library()

CHOICE_LISTS = (forms.CheckboxSelectMultiple, forms.RadioSelect)


@register.filter
def control(field: BoundField):
    """The control of a form field in Bootstrap's look, tied to its help text and its error."""
    widget = field.field.widget
    if isinstance(widget, CHOICE_LISTS):
        return field
    if isinstance(widget, forms.CheckboxInput):
        css = "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    else:
        css = "form-control"
    own = widget.attrs.get("class", "")
    shown = field.as_widget(attrs={"class": f"{css} {own}".strip()})
    if field.field.show_hidden_initial:
        return shown + field.as_hidden(only_initial=True)
    return shown


@register.filter
def role_name(role):
    return Role(role).label


@register.simple_tag
def once():
    """Beside csrf_token in each form that writes: sent twice, it is taken once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_key())


@register.simple_tag(takes_context=True)
def kept_values(context):
    return kept_values_of(context["request"])
