from django.http import HttpResponse


def progress(request, **kwargs):
    return HttpResponse("stub")


def edit(request, **kwargs):
    return HttpResponse("stub")
