from django.http import HttpResponse


def agencies(request, **kwargs):
    return HttpResponse("stub")
