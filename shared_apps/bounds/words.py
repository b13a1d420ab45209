"""The matrix in French: « Les parents peuvent écrire aux enseignants de la classe de leur enfant. »"""

from django.utils.translation import gettext as _

from shared_apps.bounds.vocabulary import CHILDREN, Cell, Party, Right, Scope


def subject(party: Party) -> str:
    return {
        Party.HEAD: _("Les directions"),
        Party.TEACHER: _("Les enseignants"),
        Party.ASSISTANT: _("Les AESH"),
        Party.TOWN: _("Les agents de la mairie"),
        Party.ELECTED: _("Les élus"),
        Party.GUARDIAN: _("Les parents"),
        Party.PUPIL: _("Les élèves de CM1 et CM2"),
        Party.YOUNG_PUPIL: _("Les élèves de la maternelle au CE2"),
    }[party]


def one(party: Party) -> str:
    """What a person is, beside their name."""
    return {
        Party.HEAD: _("direction"),
        Party.TEACHER: _("enseignement"),
        Party.ASSISTANT: _("AESH"),
        Party.TOWN: _("agent de la mairie"),
        Party.ELECTED: _("élu"),
        Party.GUARDIAN: _("parent"),
        Party.PUPIL: _("élève de CM1 ou de CM2"),
        Party.YOUNG_PUPIL: _("élève, de la maternelle au CE2"),
    }[party]


def sentence(cell: Cell, scope: Scope) -> str:
    """What the rule says, whole."""
    words = {"who": subject(cell.sender), "whom": target(cell, scope)}
    if cell.right is Right.WRITE:
        return (
            _("%(who)s n’écrivent pas %(whom)s.") if scope is Scope.NONE else _("%(who)s peuvent écrire %(whom)s.")
        ) % words
    return (_("%(who)s ne voient pas %(whom)s.") if scope is Scope.NONE else _("%(who)s voient %(whom)s.")) % words


def target(cell: Cell, scope: Scope) -> str:
    """« aux enseignants de la classe de leur enfant », « la direction de leur école »."""
    to = cell.right is Right.WRITE
    if scope is Scope.CHILD:
        return _kin(cell, to=to)
    where = _where(cell, scope)
    whom = _to(cell) if to else _seen(cell)
    return _("%(whom)s %(where)s") % {"whom": whom, "where": where} if where else whom


def choice(cell: Cell, scope: Scope) -> str:
    """One line of a list of choices: « ceux de la classe »."""
    if scope is Scope.NONE:
        return _("personne")
    if scope is Scope.CHILD:
        return _("la famille de l’enfant") if cell.recipient is Party.GUARDIAN else _("leur enfant")
    if scope is Scope.COMMUNE:
        return _("toute la commune")
    if cell.sender is Party.GUARDIAN:
        return _("classe de l’enfant") if scope is Scope.CLASS else _("école de l’enfant")
    if scope is Scope.CLASS:
        return _("leur classe") if cell.sender in CHILDREN else _("leurs classes")
    return _("leur école")


def short(scope: Scope) -> str:
    """One word of the table."""
    return {
        Scope.NONE: _("non"),
        Scope.CHILD: _("enfant"),
        Scope.CLASS: _("classe"),
        Scope.SCHOOL: _("école"),
        Scope.COMMUNE: _("commune"),
    }[scope]


def _where(cell: Cell, scope: Scope) -> str:
    if scope is Scope.NONE:
        return ""
    if scope is Scope.COMMUNE:
        return _("de chaque école de la commune") if cell.recipient is Party.HEAD else _("de toute la commune")
    if cell.sender is Party.GUARDIAN:
        return _("de la classe de leur enfant") if scope is Scope.CLASS else _("de l’école de leur enfant")
    if scope is Scope.CLASS:
        return _("de leur classe") if cell.sender in CHILDREN else _("de leurs classes")
    return _("de leur école")


def _to(cell: Cell) -> str:
    if cell.sender == cell.recipient == Party.GUARDIAN:
        return _("aux autres parents")
    return {
        Party.HEAD: _("à la direction"),
        Party.TEACHER: _("aux enseignants"),
        Party.ASSISTANT: _("aux AESH"),
        Party.TOWN: _("aux agents de la mairie"),
        Party.ELECTED: _("aux élus"),
        Party.GUARDIAN: _("aux parents"),
        Party.PUPIL: _("aux élèves de CM1 et CM2"),
        Party.YOUNG_PUPIL: _("aux élèves de la maternelle au CE2"),
    }[cell.recipient]


def _seen(cell: Cell) -> str:
    if cell.sender == cell.recipient == Party.GUARDIAN:
        return _("les autres parents")
    return {
        Party.HEAD: _("la direction"),
        Party.TEACHER: _("les enseignants"),
        Party.ASSISTANT: _("les AESH"),
        Party.TOWN: _("les agents de la mairie"),
        Party.ELECTED: _("les élus"),
        Party.GUARDIAN: _("les parents"),
        Party.PUPIL: _("les élèves de CM1 et CM2"),
        Party.YOUNG_PUPIL: _("les élèves de la maternelle au CE2"),
    }[cell.recipient]


def _kin(cell: Cell, *, to: bool) -> str:
    if cell.sender in CHILDREN:
        return _("à leurs parents") if to else _("leurs parents")
    if cell.recipient is Party.GUARDIAN:
        return _("aux autres responsables de leur enfant") if to else _("les autres responsables de leur enfant")
    return _("à leur enfant") if to else _("leur enfant")
