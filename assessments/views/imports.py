from django.http import HttpResponse


def scores_import(request, **kwargs):
    return HttpResponse("stub")
