from django.urls import path

from assessments.views import analysis, exports, imports, scores

app_name = "assessments"

urlpatterns = [
    path("a/<slug:agency>/<year:year>/scores/", scores.scores, name="scores"),
    path(
        "a/<slug:agency>/<year:year>/scores/published/", scores.published, name="scores-published"
    ),
    path("a/<slug:agency>/<year:year>/scores/import/", imports.scores_import, name="scores-import"),
    path(
        "a/<slug:agency>/<year:year>/scores/export.<str:format>",
        exports.scores_export,
        name="scores-export",
    ),
    path("a/<slug:agency>/<year:year>/analysis/", analysis.analysis, name="analysis"),
]
