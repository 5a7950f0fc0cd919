from django.urls import path

from measures.views import (
    agencies,
    carrying,
    fields,
    issues,
    measures,
    progress,
    reports,
    review,
    revisions,
    setup,
    signing,
)

app_name = "measures"

YEAR = "a/<slug:agency>/<year:year>/"

urlpatterns = [
    path("agencies/", agencies.agencies, name="agencies"),
    path(f"{YEAR}begin/", issues.begin, name="plan-begin"),
    path(f"{YEAR}fields/", fields.plan_fields, name="plan-fields"),
    path(f"{YEAR}setup/", setup.setup, name="setup"),
    path(f"{YEAR}setup/threshold/", setup.threshold, name="threshold"),
    path(f"{YEAR}issues/", issues.issues, name="issues"),
    path(f"{YEAR}issues/new/", issues.add, name="issue-add"),
    path(f"{YEAR}issues/order/", issues.order, name="issues-order"),
    path(f"{YEAR}issues/weak/", issues.from_weaknesses, name="issues-from-weaknesses"),
    path(f"{YEAR}issues/merge/", issues.merge, name="issues-merge"),
    path(f"{YEAR}issues/leave-out/", issues.leave_out, name="issues-leave-out"),
    path(f"{YEAR}issues/<int:pk>/", issues.edit, name="issue-edit"),
    path(f"{YEAR}issues/<int:pk>/delete/", issues.delete, name="issue-delete"),
    path(f"{YEAR}measures/", measures.measures, name="measures"),
    path(f"{YEAR}measures/new/", measures.add, name="measure-add"),
    path(f"{YEAR}measures/carry/", carrying.carry, name="measures-carry"),
    path(f"{YEAR}measures/order/", measures.order, name="measures-order"),
    path(f"{YEAR}measures/<int:pk>/", measures.edit, name="measure-edit"),
    path(f"{YEAR}measures/<int:pk>/delete/", measures.delete, name="measure-delete"),
    path(f"{YEAR}progress/<int:months>/", progress.progress, name="progress"),
    path(f"{YEAR}progress/<int:months>/fields/", fields.progress_fields, name="progress-fields"),
    path(f"{YEAR}progress/<int:months>/<int:pk>/", progress.edit, name="progress-edit"),
    path(f"{YEAR}review/", review.review, name="review"),
    path(f"{YEAR}review/<str:move>/", review.move, name="review-move"),
    path(f"{YEAR}report/", reports.reports, name="reports"),
    path(f"{YEAR}report/<str:part>.pdf", reports.report, name="report"),
    path(f"{YEAR}report/draft/<str:part>.pdf", reports.draft, name="report-draft"),
    path(f"{YEAR}revisions/", revisions.revisions, name="revisions"),
    path(f"{YEAR}revisions/<int:number>/", revisions.revision, name="revision"),
    path(f"{YEAR}revisions/<int:number>/<str:part>.pdf", revisions.report, name="revision-report"),
    path(f"{YEAR}sign/", signing.sign, name="sign"),
    path(f"{YEAR}signature/", signing.signature, name="signature"),
    path(f"{YEAR}publication/", signing.publication, name="publication"),
]
