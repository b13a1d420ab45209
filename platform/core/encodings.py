"""From bytes to text. What ONDE and spreadsheets write is known; a doubt stops the import, nothing is guessed."""

import re
import unicodedata

# In Windows-1252, the signs that a name, an address or a header may hold among 0x80–0x9F (« ’ », « œ », dashes…). Any
# other one there means that the file is in an older code (CP850, MacRoman), where those bytes are accented letters.
USUAL_1252 = frozenset(b"\x80\x85\x8a\x8c\x8e\x91\x92\x93\x94\x96\x97\x9a\x9c\x9e\x9f")
# Where ISO-8859-15 has letters, Windows-1252 has signs (¦ ¨ ´ ¸ ¼ ½ ¾): which of both shows by what stands beside.
LATIN9_LETTERS = {0xA6: "Š", 0xA8: "š", 0xB4: "Ž", 0xB8: "ž", 0xBC: "Œ", 0xBD: "œ", 0xBE: "Ÿ"}
LATIN9_BYTE = re.compile(b"[%s]" % bytes(LATIN9_LETTERS))
CURRENCY = 0xA4  # « ¤ » or « € »: nothing in these files is either
# UTF-8 that was once read as Windows-1252 and saved so: « Ã© » for « é ».
GARBLED = re.compile("Ã[\u0080-\u00bf€ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]|Â[\u00a0-\u00bf]")
# A letter whose case does not fit its neighbours shows a wrong code: « MichŠle », « AndrŽ ».
MISFIT = re.compile(r"(?<=[a-zß-ÿ])[ŠŽŒŸ]|(?<=[A-ZÀ-Þ])[šž](?=[A-ZÀ-Þ])|(?<=[^\W\d_])[…‘“”](?=[^\W\d_])")


class DoubtfulText(ValueError):
    """No known encoding gives a text that could have been written so."""


def decoded(data: bytes) -> str:
    """UTF-8 (with or without BOM), Windows-1252 or ISO-8859-15, in composed form (NFC). Raises DoubtfulText."""
    text = unicodedata.normalize("NFC", _decoded(data))
    signs = set(text)
    # Format characters (zero-width spaces, marks of direction, a BOM inside) are never typed.
    unseen = {ord(sign): None for sign in signs if unicodedata.category(sign) == "Cf"}
    text = text.translate(unseen) if unseen else text
    # The signs that each pattern begins with are looked for first: most files hold none.
    is_garbled = not signs.isdisjoint("ÃÂ") and GARBLED.search(text)
    is_misfit = not signs.isdisjoint("ŠŽŒŸšž…‘“”") and MISFIT.search(text)
    if is_garbled or is_misfit or "\ufffd" in signs or _has_controls(signs):
        raise DoubtfulText
    return text


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode(_one_byte_code(data))
    except UnicodeDecodeError:
        raise DoubtfulText from None


def _one_byte_code(data: bytes) -> str:
    present = set(data)
    specific = {byte for byte in present if 0x80 <= byte <= 0x9F}
    if specific - USUAL_1252 or CURRENCY in present:
        raise DoubtfulText
    codes = {_code_beside(data, found.start()) for found in LATIN9_BYTE.finditer(data)}
    if specific:
        codes.add("cp1252")
    if len(codes) > 1:
        raise DoubtfulText
    return codes.pop() if codes else "cp1252"


def _code_beside(data: bytes, at: int) -> str:
    """What the neighbours of an ambiguous byte say of the code. Raises DoubtfulText when they fit both readings."""
    left, right = data[at - 1 : at].decode("latin-1"), data[at + 1 : at + 2].decode("latin-1")
    if left.isdigit() or not (left.isalpha() or right.isalpha()):
        return "cp1252"  # « 4 ½ rue », a lone sign
    letter = LATIN9_LETTERS[data[at]]
    if left.islower() if letter.isupper() else right.isupper():
        return "cp1252"  # « rue de l´Église » holds no « Ž »: its case would not fit
    if letter == "Ž" and left.isalpha() and right.isalpha():
        raise DoubtfulText  # « L´ABBÉ » or « LŽABBÉ »
    return "iso-8859-15"


def _has_controls(signs: set[str]) -> bool:
    return any(unicodedata.category(sign) in {"Cc", "Co", "Cn"} for sign in signs - set("\r\n\t"))
