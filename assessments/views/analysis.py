from django.http import HttpResponse


def analysis(request, **kwargs):
    return HttpResponse("stub")
