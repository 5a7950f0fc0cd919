from django.urls import path

from assessments.models import Assessment
from assessments.views import (
    analysis,
    cells,
    exports,
    finer,
    imports,
    judged,
    paste,
    scores,
    texts,
    trend,
    warnings,
)

app_name = "assessments"

YEAR = "a/<slug:agency>/<year:year>"
#: Pages of either kind of result: (below scores/, view, name).
OF_A_KIND = (
    ("", scores.scores, "scores"),
    ("cells/", cells.cells, "scores-cells"),
    ("judged/", judged.judged, "scores-judged"),
    ("paste/", paste.paste, "scores-paste"),
    ("warning/", warnings.confirm, "scores-warning"),
    ("items/", finer.items, "scores-items"),
    ("questions/", finer.questions, "scores-questions"),
)


def _of_a_kind(kind, folder, suffix):
    for route, view, name in OF_A_KIND:
        yield path(f"{YEAR}/scores/{folder}{route}", view, {"kind": kind}, f"{name}{suffix}")
    yield path(f"{YEAR}/analysis/{folder}", analysis.analysis, {"kind": kind}, f"analysis{suffix}")


urlpatterns = [
    *_of_a_kind(Assessment.Kind.OFFICIAL, "", ""),
    *_of_a_kind(Assessment.Kind.SELF, "self/", "-self"),
    path(f"{YEAR}/scores/published/", scores.published, name="scores-published"),
    path(f"{YEAR}/scores/import/", imports.scores_import, name="scores-import"),
    path(f"{YEAR}/scores/template.xlsx", exports.template, name="scores-template"),
    path(f"{YEAR}/scores/export.<str:format>", exports.scores_export, name="scores-export"),
    path(f"{YEAR}/analysis/texts/", texts.texts, name="analysis-texts"),
    path("a/<slug:agency>/trend/", trend.trend, name="trend"),
    path("agencies/scores/import/", imports.many, name="import-many"),
]
