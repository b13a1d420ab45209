"""The matrix we ship: what holds in a school that changed nothing, and what no school can go beyond.

Strict by default. No pupil writes to a pupil before cycle 3. Parents don't see each other unless the school opens it.
The town reaches families through a service, never person to person. Elected members reach nobody here.
"""

from collections.abc import Mapping
from types import MappingProxyType

from shared_apps.bounds.vocabulary import Cell, Party, Right, Scope

TABLE = """
sender      recipient   see     write  | see      write  (at most)
head        head        commune commune | commune commune
head        teacher     commune school  | commune commune
head        assistant   commune school  | commune commune
head        town        commune commune | commune commune
head        guardian    school  school  | school  school
head        pupil       school  none    | school  school
head        young_pupil school  none    | school  none
teacher     head        commune school  | commune commune
teacher     teacher     commune school  | commune commune
teacher     assistant   school  school  | commune commune
teacher     town        school  school  | commune commune
teacher     guardian    class   class   | school  school
teacher     pupil       class   class   | school  school
teacher     young_pupil class   none    | school  class
assistant   head        school  school  | commune commune
assistant   teacher     school  school  | commune commune
assistant   assistant   school  class   | commune commune
assistant   town        school  none    | commune school
assistant   guardian    none    none    | class   class
assistant   pupil       class   none    | class   class
assistant   young_pupil class   none    | class   none
town        head        commune commune | commune commune
town        teacher     school  class   | commune school
town        assistant   school  none    | commune school
town        town        commune commune | commune commune
town        pupil       school  none    | school  none
town        young_pupil school  none    | school  none
guardian    head        school  school  | school  school
guardian    teacher     class   class   | school  school
guardian    assistant   class   none    | school  class
guardian    guardian    none    none    | class   class
guardian    pupil       child   none    | class   child
guardian    young_pupil child   none    | class   child
pupil       head        school  none    | school  school
pupil       teacher     class   class   | school  school
pupil       assistant   class   none    | class   class
pupil       guardian    child   none    | child   child
pupil       pupil       class   none    | school  class
pupil       young_pupil none    none    | school  none
young_pupil head        school  none    | school  none
young_pupil teacher     class   none    | school  class
young_pupil assistant   class   none    | class   none
young_pupil guardian    child   none    | child   child
young_pupil pupil       none    none    | school  none
young_pupil young_pupil class   none    | class   none
"""

Matrix = Mapping[Cell, Scope]


def _read(text: str) -> tuple[Matrix, Matrix]:
    """(what holds, what is allowed at most); a pair without a line: nothing, ever."""
    cells = [Cell(sender, recipient, right) for sender in Party for recipient in Party for right in Right]
    usual, most = dict.fromkeys(cells, Scope.NONE), dict.fromkeys(cells, Scope.NONE)
    for line in text.strip().splitlines()[1:]:
        sender, recipient, *scopes = line.replace("|", " ").split()
        for table, pair in ((usual, scopes[:2]), (most, scopes[2:])):
            for right, scope in zip(Right, pair, strict=True):
                table[Cell(Party(sender), Party(recipient), right)] = Scope(scope)
    return MappingProxyType(usual), MappingProxyType(most)


USUAL, MOST = _read(TABLE)
