from django.http import HttpResponse


def review(request, **kwargs):
    return HttpResponse("stub")


def move(request, **kwargs):
    return HttpResponse("stub")
