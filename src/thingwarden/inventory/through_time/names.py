"""Host names -> how much they say of one single device."""

import re
import unicodedata

PERSONAL, PLAIN, GENERIC = "personal", "plain", "generic"
"""Of a person or made for one device; of a kind that many may have; of no kind at all."""

MOST_CHARACTERS = 80

PRODUCTS = frozenset(
    [
        "air",
        "android",
        "apple",
        "aquaris",
        "asus",
        "axon",
        "blackberry",
        "blade",
        "book",
        "camera",
        "chrome",
        "chromebook",
        "chromecast",
        "client",
        "computer",
        "desktop",
        "device",
        "dell",
        "edge",
        "elite",
        "envy",
        "esp",
        "espressif",
        "ess",
        "expressif",
        "fairphone",
        "find",
        "fire",
        "flip",
        "fold",
        "galaxy",
        "game",
        "google",
        "hello",
        "home",
        "honor",
        "host",
        "hp",
        "htc",
        "huawei",
        "ideapad",
        "imac",
        "infinix",
        "inspiron",
        "ipad",
        "iphone",
        "ipod",
        "kindle",
        "laptop",
        "latitude",
        "lenovo",
        "lg",
        "linux",
        "lite",
        "localhost",
        "mac",
        "macbook",
        "magic",
        "mate",
        "max",
        "meizu",
        "mi",
        "microsoft",
        "mini",
        "mobile",
        "moto",
        "motorola",
        "my",
        "nexus",
        "nokia",
        "none",
        "note",
        "notebook",
        "nothing",
        "nova",
        "null",
        "one",
        "oneplus",
        "oppo",
        "optiplex",
        "pad",
        "pavilion",
        "pc",
        "pixel",
        "play",
        "plus",
        "poco",
        "portable",
        "power",
        "precision",
        "prime",
        "pro",
        "probook",
        "quest",
        "ras",
        "raspberry",
        "raspberrypi",
        "razr",
        "realme",
        "reno",
        "redmi",
        "router",
        "samsung",
        "se",
        "sm",
        "smart",
        "smartphone",
        "sony",
        "station",
        "stylus",
        "surface",
        "swift",
        "switch",
        "tab",
        "tablet",
        "tcl",
        "tecno",
        "tel",
        "telephone",
        "thinkpad",
        "tv",
        "ultra",
        "umidigi",
        "unknown",
        "user",
        "vaio",
        "vivo",
        "vostro",
        "watch",
        "wiko",
        "win",
        "windows",
        "work",
        "workstation",
        "xcover",
        "xiaomi",
        "xperia",
        "xps",
        "yoga",
        "zenbook",
        "zenfone",
        "zte",
        "arch",
        "debian",
        "fedora",
        "mint",
        "ubuntu",
        "kali",
        "manjaro",
    ]
)
"""Words of kinds of phones and computers: a name made of them is on many."""

CODE = re.compile(r"[a-z]{0,4}\d{1,4}[a-z]{0,4}|[a-z]|[ivx]{1,4}|\d+")
"""A number of a model or of a revision, such as s21, a52s, 7, sm, g991b."""

OWNER = re.compile(r"(?=(?:\d*[a-z]){4})\w+s")
"""Whose a thing is: annas-iphone, anna2s-iphone."""

MADE = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]{6,}")
"""Letters and digits as a program draws them, such as ab12cd3 or 3f9a01b2c4d5e6f7."""

MODEL_CODES = re.compile(r"(?=.{1,7}$)[a-z]{1,4}\d{2,5}[a-z]?|m?\d{4,7}[a-z]\d{0,2}[a-z]{0,2}")
"""What makers call models, though a program might have drawn it: g991b, rmx3085, m2101k6g."""


def normal_name(raw: str) -> str:
    """A name as it is compared: "Anna's iPhone", "Annas-iPhone" and "annas-iphone.lan" are one."""
    text = unicodedata.normalize("NFKC", raw[:MOST_CHARACTERS]).casefold()
    first = text.split(".", 1)[0].replace("'", "").replace("\u2019", "")
    return "-".join(re.findall(r"\w+", first.replace("_", "-")))


def kind_of_name(name: str) -> str:
    """How much a normal name says: `PERSONAL`, `PLAIN` or `GENERIC`."""
    words = [word for word in name.split("-") if word]
    if len(words) > 1 and words[1] in PRODUCTS and OWNER.fullmatch(words[0]):
        return PERSONAL
    if not any(word for word in words if word not in PRODUCTS and not CODE.fullmatch(word)):
        return PLAIN if _has_code(words) and len(words) > 1 else GENERIC
    return PERSONAL if any(map(_is_own, words)) else PLAIN


def _has_code(words: list[str]) -> bool:
    return any(word not in PRODUCTS and CODE.fullmatch(word) for word in words)


def _is_own(word: str) -> bool:
    """Whether a word is no product's: a person's name, or drawn for this device."""
    if word in PRODUCTS or CODE.fullmatch(word) or MODEL_CODES.fullmatch(word):
        return False
    return len(word) >= 3 or bool(MADE.fullmatch(word))
