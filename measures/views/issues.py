from django.http import HttpResponse


def issues(request, **kwargs):
    return HttpResponse("stub")


def add(request, **kwargs):
    return HttpResponse("stub")


def order(request, **kwargs):
    return HttpResponse("stub")


def edit(request, **kwargs):
    return HttpResponse("stub")


def delete(request, **kwargs):
    return HttpResponse("stub")
