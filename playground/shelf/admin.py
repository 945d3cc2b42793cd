import base64
import hashlib
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from playground.admin_pages import ModelAdmin
from playground.shelf.cdn import is_name
from playground.shelf.cdn.references import clean_range, split_package
from playground.shelf.failures import ShelfFailure, explain
from playground.shelf.models import Package, Source
from playground.shelf.pulling import drop_package, upload_package
from playground.shelf.tarballs import MAX_DOWNLOAD
from playground.shelf.tasks import pull


class AddForm(forms.ModelForm[Package]):
    """A package by its name, which a worker fetches; or a tarball, for machines that reach no registry."""

    package = forms.CharField(
        label=_("Package"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Name and version, such as three@0.160.0. A worker fetches it from the registry."),
    )
    tarball = forms.FileField(
        label=_("Tarball"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(),
        help_text=_("Or a .tgz file, as “npm pack” makes it."),
    )

    class Meta:
        model = Package
        fields: list[str] = []

    def clean(self) -> dict[str, Any]:
        text, file = self.cleaned_data.get("package", "").strip(), self.cleaned_data.get("tarball")
        if bool(text) == bool(file):
            raise forms.ValidationError(gettext("Name a package or choose a file."))
        if text:
            self.wanted = _read_wanted(text)
        elif file:
            self.uploaded = _upload(file)
        return self.cleaned_data

    wanted: tuple[str, str] | None = None
    uploaded: Package | None = None


@admin.register(Package)
class PackageAdmin(ModelAdmin[Package]):
    list_display = ["name", "version", "source", "shown_size", "pulled_at", "used_at"]
    list_filter = ["source"]
    search_fields = ["name"]
    ordering = ["name", "-pulled_at"]

    @admin.display(description=_("size"), ordering="size")
    def shown_size(self, package: Package) -> str:
        return filesizeformat(package.size)

    def get_form(self, request: HttpRequest, obj: Package | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs) if obj else AddForm

    def get_fields(self, request: HttpRequest, obj: Package | None = None) -> list[Any]:
        if obj is None:
            return ["package", "tarball"]
        return ["name", "version", "source", "integrity", "shown_size", "pulled_at", "used_at", "files"]

    def get_readonly_fields(self, request: HttpRequest, obj: Package | None = None) -> list[Any]:
        return self.get_fields(request, obj) if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Package | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Package, form: Any, change: bool) -> None:
        """A package that is to be fetched has no row yet: the worker makes it."""
        if form.wanted:
            name, range_ = form.wanted
            transaction.on_commit(lambda: pull.delay(name, range_, Source.ADMIN.value))
            messages.info(request, gettext("Being fetched: %(package)s") % {"package": "@".join(form.wanted)})

    def response_add(self, request: HttpRequest, obj: Package, post_url_continue: str | None = None) -> Any:
        return self.response_post_save_add(request, obj)

    def log_addition(self, request: HttpRequest, obj: Package, message: Any) -> Any:
        return super().log_addition(request, obj, message) if obj.pk else None

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        return []

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        instance = super().save_form(request, form, change)
        return form.uploaded or instance

    def delete_model(self, request: HttpRequest, obj: Package) -> None:
        drop_package(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Package]) -> None:
        for package in queryset:
            drop_package(package)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        total = Package.objects.aggregate(bytes=Sum("size", default=0))["bytes"]
        title = gettext("Library shelf: %(size)s") % {"size": filesizeformat(total)}
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


def _read_wanted(text: str) -> tuple[str, str]:
    parts = split_package(text)
    if not parts or not is_name(parts[0]):
        raise forms.ValidationError(gettext("“%(text)s” names no package.") % {"text": text[:100]})
    return parts[0], clean_range(parts[1])


def _upload(file: UploadedFile[bytes]) -> Package:
    if (file.size or 0) > MAX_DOWNLOAD:
        raise forms.ValidationError(explain("too_large", str(file.name)))
    digest = hashlib.sha512()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    try:
        return upload_package(file, f"sha512-{base64.b64encode(digest.digest()).decode()}")
    except ShelfFailure as failure:
        raise forms.ValidationError(explain(failure.code, str(file.name))) from failure
