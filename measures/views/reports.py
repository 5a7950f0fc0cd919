from django.http import HttpResponse


def reports(request, **kwargs):
    return HttpResponse("stub")


def report(request, **kwargs):
    return HttpResponse("stub")
