from django.http import HttpResponse


def scores_export(request, **kwargs):
    return HttpResponse("stub")
