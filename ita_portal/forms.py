from django.forms.renderers import TemplatesSetting


class PortalFormRenderer(TemplatesSetting):
    """One template for every field: label, help, error and control belong together."""

    field_template_name = "components/field.html"
    form_template_name = "components/form.html"
