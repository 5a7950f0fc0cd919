from django.http import HttpResponse


def people(request, **kwargs):
    return HttpResponse("stub")


def add(request, **kwargs):
    return HttpResponse("stub")


def change(request, **kwargs):
    return HttpResponse("stub")


def remove(request, **kwargs):
    return HttpResponse("stub")
