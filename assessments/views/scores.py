from django.http import HttpResponse


def scores(request, **kwargs):
    return HttpResponse("stub")


def published(request, **kwargs):
    return HttpResponse("stub")
