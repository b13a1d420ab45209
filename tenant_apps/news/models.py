from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.addresses import address_of
from core.models import BaseModel
from tenant_apps.news.querysets import CommentQuerySet, PostQuerySet, ReachQuerySet, ThreadQuerySet
from tenant_apps.schools.models import School, SchoolClass


class Reader(models.TextChoices):
    """Who may be meant, by what they are in the schools that a post reaches."""

    GUARDIAN = "guardian", _("Les parents")
    PUPIL = "pupil", _("Les élèves")
    TEACHER = "teacher", _("Les enseignants et les AESH")
    HEAD = "head", _("La direction")
    MUNICIPAL = "municipal", _("Les agents et les élus de la mairie")


def _readers() -> ArrayField:
    return ArrayField(models.CharField(max_length=9, choices=Reader), verbose_name=_("qui lit"))


class Thread(BaseModel):
    """A thread of news, of a school or of the town: who publishes in it, who may read it at most."""

    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="news_threads", verbose_name=_("école")
    )
    title = models.CharField(_("nom du fil"), max_length=80)
    is_open_to_teachers = models.BooleanField(_("les enseignants y publient pour leurs classes"), default=True)
    readers = _readers()

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("fil d’actualités")
        verbose_name_plural = _("fils d’actualités")
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "title"],
                nulls_distinct=False,
                name="thread_title_is_unique_in_a_place",
                violation_error_message=_("Un fil porte déjà ce nom."),
            ),
            models.CheckConstraint(condition=~Q(readers=[]), name="a_thread_has_readers"),
        ]

    def __str__(self) -> str:
        return self.title


class Post(BaseModel):
    """A piece of news in a thread, or a flash over the pages. Whom it reaches: its `reaches`, and its `readers`."""

    class Kind(models.TextChoices):
        NEWS = "news", _("actualité")
        FLASH = "flash", _("message flash")

    class Status(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        PUBLISHED = "published", _("publiée")
        WITHDRAWN = "withdrawn", _("retirée")

    class Level(models.TextChoices):
        INFORMATION = "info", _("information")
        IMPORTANT = "warn", _("important")

    FLASH_LENGTH = 280

    kind = models.CharField(_("forme"), max_length=5, choices=Kind, default=Kind.NEWS)
    thread = models.ForeignKey(
        Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("fil")
    )
    # Whose word it is: a school's, or without one the town's.
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("école")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("écrit par")
    )
    title = models.CharField(_("titre"), max_length=120)
    body = models.TextField(_("texte"), max_length=5000)
    level = models.CharField(_("importance"), max_length=4, choices=Level, default=Level.INFORMATION)
    readers = _readers()
    status = models.CharField(_("état"), max_length=9, choices=Status, default=Status.DRAFT)
    starts_at = models.DateTimeField(_("à partir du"), null=True, blank=True)
    ends_at = models.DateTimeField(_("jusqu’au"), null=True, blank=True)
    is_pinned = models.BooleanField(_("à la une : elle reste en tête"), default=False)
    takes_comments = models.BooleanField(_("on peut la commenter ; vous relisez avant"), default=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("actualité")
        verbose_name_plural = _("actualités")
        ordering = ["-is_pinned", "-starts_at", "-created_at", "-id"]
        indexes = [models.Index(fields=["kind", "starts_at"], name="post_by_moment")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="news", thread__isnull=False) | Q(kind="flash", thread=None, ends_at__isnull=False),
                name="news_has_a_thread_and_a_flash_an_end",
            ),
            models.CheckConstraint(condition=~Q(readers=[]), name="a_post_has_readers"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(starts_at__isnull=False), name="what_is_published_has_a_start"
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="post_ends_after_it_starts",
                violation_error_message=_("La fin vient après le début."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("news:post", self.pk)

    @property
    def is_flash(self) -> bool:
        return self.kind == self.Kind.FLASH

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_over(self) -> bool:
        return self.ends_at is not None and self.ends_at <= timezone.now()

    @property
    def is_live(self) -> bool:
        return self.is_published and self.starts_at <= timezone.now() and not self.is_over

    @property
    def state(self) -> str:
        """In a word, for those who keep it."""
        if self.is_published and self.is_over:
            return str(_("terminée"))
        if self.is_published and not self.is_live:
            return str(_("prévue"))
        return self.get_status_display()

    @property
    def is_important(self) -> bool:
        return self.level == self.Level.IMPORTANT


class Reach(BaseModel):
    """A school, or a class of it, that a post reaches. The town's waits there for the head where this is agreed."""

    class State(models.TextChoices):
        OPEN = "open", _("affichée")
        WAITING = "waiting", _("attend l’accord de la direction")
        REFUSED = "refused", _("refusée par la direction")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reaches", db_index=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name=_("école"))
    school_class = models.ForeignKey(
        SchoolClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("classe"),
    )
    state = models.CharField(_("état"), max_length=7, choices=State, default=State.OPEN)
    refusal = models.CharField(_("pourquoi"), max_length=200, blank=True, default="", db_default="")
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("décidé par"),
    )

    objects = ReachQuerySet.as_manager()

    class Meta:
        verbose_name = _("destinataire d’une actualité")
        verbose_name_plural = _("destinataires d’actualités")
        ordering = ["school", "school_class", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "school", "school_class"], nulls_distinct=False, name="a_post_reaches_a_place_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_class} · {self.school}" if self.school_class_id else str(self.school)

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING


class Reading(BaseModel):
    """Somebody opened a piece of news, or said « J’ai lu » of a flash: counted by profile, never shown by name."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="readings", db_index=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    profile = models.CharField(_("profil"), max_length=9, choices=Reader)

    class Meta:
        verbose_name = _("lecture d’une actualité")
        verbose_name_plural = _("lectures d’actualités")
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["post", "account"], name="a_post_is_read_once")]

    def __str__(self) -> str:
        return self.get_profile_display()


class Comment(BaseModel):
    """What a reader says under a piece of news: shown once read again by the school, taken away when reported."""

    class State(models.TextChoices):
        WAITING = "waiting", _("à relire")
        SHOWN = "shown", _("publié")
        REFUSED = "refused", _("refusé")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("écrit par")
    )
    body = models.TextField(_("commentaire"), max_length=1000)
    state = models.CharField(_("état"), max_length=7, choices=State, default=State.WAITING)
    reported_at = models.DateTimeField(_("signalé le"), null=True, blank=True)
    # Decided on after it was reported: it can't be reported again.
    is_kept = models.BooleanField(_("maintenu"), default=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commentaire")
        verbose_name_plural = _("commentaires")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING
