from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import packages, registry


class ProgressNotebookConfig(AppConfig):
    """The learning notebook of cycle 1 (carnet de suivi) and the summary at the end of nursery school.

    For teachers (note, share), heads (validate), guardians (read, listen, sign). Never the town.
    """

    name = "tenant_apps.progress_notebook"
    verbose_name = _("carnet de suivi")
    packages = {
        "Observation": packages.school("school_class__school"),
        "Period": packages.school("school"),
        "Notebook": packages.school("period__school"),
        "Acquisition": packages.school("notebook__period__school"),
        "Edition": packages.school("notebook__period__school"),
    }

    def ready(self) -> None:
        from tenant_apps.progress_notebook import attachments, holding, home, notices, permissions  # noqa: F401
        from tenant_apps.progress_notebook.querysets import PURPOSE

        for purpose in attachments.KINDS_OF:
            registry.file_readers.register(purpose, attachments.may_read)
        registry.personal_data.register("progress_notebook", holding.personal_data)
        registry.erasers.register("progress_notebook", holding.erase)
        registry.works.register("progress_notebook", holding.works)
        registry.last_year_sources.register("progress_notebook", holding.last_year)
        registry.todo_sources.register("progress_notebook", home.todos)
        registry.signature_lines.register(PURPOSE, registry.SignatureLines(home.of_guardian))
        families = frozenset({"guardian"})
        to_sign = registry.NoticeType(_("Un carnet de suivi à signer"), families, "sign")
        registry.notice_types.register(notices.TO_SIGN, to_sign)
        shared = registry.NoticeType(
            _("Du nouveau dans le carnet de suivi"), families, theme="school", mail="weekly", has_push=False
        )
        registry.notice_types.register(notices.SHARED, shared)
        link = registry.ResourceLink(
            _("Le carnet de suivi"),
            "progress_notebook:index",
            "star",
            frozenset({"guardian", "teacher", "head"}),
            19,
            permission="progress_notebook.open_notebooks",
        )
        registry.resource_links.register("progress_notebook", link)
