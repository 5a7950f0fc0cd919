from django.http import HttpResponse


def settings(request, **kwargs):
    return HttpResponse("stub")
