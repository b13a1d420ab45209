from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.accounts.querysets import UserManager


class User(AbstractBaseUser, BaseModel):
    """An account. In the public schema: academy staff. In a commune's: everybody else, one account per person.

    No superuser, no groups: rights come from relations (`core.permissions`). What the person *is* (head, guardian…)
    is told by `people` in a commune, by `StaffRole` at the academy.
    """

    identifier = models.CharField(
        _("identifiant"),
        max_length=80,
        unique=True,
        help_text=_("Sur la fiche remise par l’école, par exemple sophie.ferrer"),
    )
    first_name = models.CharField(_("prénom"), max_length=100)
    last_name = models.CharField(_("nom"), max_length=100)
    email = models.EmailField(_("adresse électronique"), blank=True)
    is_active = models.BooleanField(_("actif"), default=True)
    activated_at = models.DateTimeField(_("activé le"), null=True, blank=True)
    # The activation code is derived from (key, account, generation): changing the generation revokes it.
    code_generation = models.PositiveIntegerField(default=0)
    # A typed code finds its account by this keyed digest; the code itself is stored nowhere.
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    code_expires_at = models.DateTimeField(_("code valable jusqu’au"), null=True, blank=True)
    # When the password was chosen; empty for those chosen before this was kept.
    password_set_at = models.DateTimeField(_("mot de passe choisi le"), null=True, blank=True)
    # Changing the stamp ends every session of the account.
    session_stamp = models.PositiveIntegerField(default=0)
    # The version of the charter that was accepted; what was accepted before is in the audit.
    charter_version = models.CharField(_("charte acceptée"), max_length=20, blank=True, default="", db_default="")
    charter_accepted_at = models.DateTimeField(_("charte acceptée le"), null=True, blank=True)
    # Set when a second factor is first asked for: until then one may sign in without.
    second_factor_due_at = models.DateTimeField(_("second facteur à installer avant le"), null=True, blank=True)
    # What changed on the platform before then is not new to this person.
    news_read_at = models.DateTimeField(_("nouveautés lues le"), null=True, blank=True)

    # Django's field: when an account was last here is said by its devices, without a write to this table of all tables.
    last_login = None

    objects = UserManager()

    USERNAME_FIELD = "identifier"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = _("compte")
        verbose_name_plural = _("comptes")
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            # Two accounts with a blank hash share session hashes and reset tokens across communes.
            models.CheckConstraint(condition=~models.Q(password=""), name="user_password_is_never_blank"),
            models.UniqueConstraint(
                fields=["code_digest"], condition=~models.Q(code_digest=""), name="activation_code_opens_one_account"
            ),
            models.CheckConstraint(
                condition=models.Q(identifier__regex=r"^[a-z0-9][a-z0-9._-]*$"),
                name="user_identifier_is_plain",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def get_short_name(self) -> str:
        return self.first_name

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.password_set_at = timezone.now()

    def get_session_auth_hash(self) -> str:
        from shared_apps.accounts.sessions import session_hash

        return session_hash(self)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        from core.permissions import DeclaredPermissionBackend

        return DeclaredPermissionBackend().has_perm(self, perm, obj)

    @property
    def initials(self) -> str:
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()

    @property
    def is_activated(self) -> bool:
        return self.activated_at is not None

    @property
    def has_live_code(self) -> bool:
        return not self.is_activated and self.code_expires_at is not None and self.code_expires_at > timezone.now()


class StaffRole(BaseModel):
    """What an account of the academy may do. Rows exist in the public schema only; a commune's table stays empty."""

    class Role(models.TextChoices):
        DEPLOYMENT = "deployment", _("chargé du déploiement")
        CONVENTIONS = "conventions", _("chargé des conventions")
        TRAINER = "trainer", _("formateur")
        SUPPORT = "support", _("assistance")
        STATISTICIAN = "statistician", _("statisticien")
        ADMINISTRATOR = "administrator", _("administrateur")
        INSPECTOR = "inspector", _("inspecteur de l’Éducation nationale")
        DASEN = "dasen", _("directeur académique")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_roles", verbose_name=_("compte"))
    role = models.CharField(_("rôle"), max_length=20, choices=Role)
    # Inspectors see their circonscription (its UAI), DASEN their département (its code). Empty: the whole académie.
    scope = models.CharField(_("périmètre"), max_length=8, blank=True)

    class Meta:
        verbose_name = _("rôle académique")
        verbose_name_plural = _("rôles académiques")
        constraints = [models.UniqueConstraint(fields=["user", "role", "scope"], name="staff_role_given_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class SecondFactor(BaseModel):
    """A TOTP secret (RFC 6238), encrypted with a key derived for this schema; or a passkey (WebAuthn)."""

    class Kind(models.TextChoices):
        TOTP = "totp", _("application d’authentification")
        PASSKEY = "passkey", _("clé d’accès")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="second_factors", verbose_name=_("compte"))
    kind = models.CharField(_("type"), max_length=10, choices=Kind, default=Kind.TOTP)
    # TOTP: the encrypted secret. A passkey: its public key (COSE), which is no secret.
    secret = models.BinaryField(_("secret chiffré"))
    name = models.CharField(_("nom"), max_length=60, blank=True, default="", db_default="")
    # A passkey's own number; empty for TOTP.
    credential_id = models.CharField(max_length=400, null=True, blank=True, unique=True, editable=False)
    sign_count = models.PositiveBigIntegerField(default=0, db_default=0)
    last_used_at = models.DateTimeField(_("dernier usage"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmé le"), null=True, blank=True)
    # RFC 6238 § 5.2: a code is accepted once.
    last_step = models.BigIntegerField(default=0)
    # Keyed digests of the recovery codes that have not served.
    recovery_digests = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("second facteur")
        verbose_name_plural = _("seconds facteurs")

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"


class Device(BaseModel):
    """A browser from which an account signed in. Known by a cookie, of which a keyed digest is kept."""

    class Kind(models.TextChoices):
        COMPUTER = "computer", _("ordinateur")
        PHONE = "phone", _("téléphone")
        TABLET = "tablet", _("tablette")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices", verbose_name=_("compte"))
    token_digest = models.CharField(max_length=64, editable=False)
    kind = models.CharField(_("type"), max_length=8, choices=Kind, default=Kind.COMPUTER)
    label = models.CharField(_("navigateur"), max_length=60, blank=True)  # « Firefox, Windows »
    last_seen_at = models.DateTimeField(_("vu le"))
    # Of the session open there; empty when none is.
    session_key = models.CharField(max_length=40, blank=True, editable=False)

    class Meta:
        verbose_name = _("appareil")
        verbose_name_plural = _("appareils")
        ordering = ["-last_seen_at", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "token_digest"], name="one_row_per_account_and_device")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.label}"

    @property
    def icon(self) -> str:
        return {"phone": "device-mobile", "tablet": "device-tablet"}.get(self.kind, "desktop")


class AddressChange(BaseModel):
    """A new address that its owner must confirm. For seven days the previous one may take it back."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="address_changes", verbose_name=_("compte"))
    old_email = models.EmailField(_("adresse d’avant"), blank=True)
    new_email = models.EmailField(_("adresse demandée"), blank=True)
    confirmed_at = models.DateTimeField(_("confirmée le"), null=True, blank=True)
    reverted_at = models.DateTimeField(_("annulée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("changement d’adresse")
        verbose_name_plural = _("changements d’adresse")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user} · {self.created_at:%Y-%m-%d}"


class CodeLot(BaseModel):
    """Codes that left the platform together (printed or mailed), so that a lost pile of sheets is revoked at once."""

    class Way(models.TextChoices):
        PAPER = "paper", _("imprimées")
        MAIL = "mail", _("par courriel")

    place_id = models.UUIDField(db_index=True)  # the school
    title = models.CharField(_("pour qui"), max_length=200)
    way = models.CharField(_("comment"), max_length=5, choices=Way, default=Way.PAPER)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("par"))
    # Account -> the generation of its code on the sheet: a code made anew since is not this lot's any more.
    generations = models.JSONField(default=dict, editable=False)
    revoked_at = models.DateTimeField(_("révoqué le"), null=True, blank=True)

    class Meta:
        verbose_name = _("lot de codes")
        verbose_name_plural = _("lots de codes")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title


class ExternalIdentity(BaseModel):
    """The same person at a sign-on service. One academy identity may hold dated accounts in several communes."""

    class Provider(models.TextChoices):
        EDUCONNECT = "educonnect", "ÉduConnect"
        ACADEMY = "academy", _("guichet académique")
        PROCONNECT = "proconnect", "ProConnect"

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="external_identities", verbose_name=_("compte")
    )
    provider = models.CharField(_("service"), max_length=12, choices=Provider)
    subject = models.CharField(_("identifiant chez le service"), max_length=255)

    class Meta:
        verbose_name = _("identité externe")
        verbose_name_plural = _("identités externes")
        constraints = [models.UniqueConstraint(fields=["provider", "subject"], name="external_identity_is_one_account")]

    def __str__(self) -> str:
        return f"{self.get_provider_display()} · {self.user}"
