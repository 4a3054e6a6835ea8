"""Reads a page as a browser would, as far as tests need it."""

import shutil
import subprocess
from html.parser import HTMLParser

import pytest

LOADING = ("src", "href", "xlink:href", "action", "data", "poster", "srcset", "background", "style")


class Page(HTMLParser):
    """Elements with their attributes, the words on the page, and what each svg holds."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr", "base"})

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.words, self.open, self.css = [], [], [], []
        self.svgs = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "svg":
            self.svgs.append((dict(attrs), []))
        elif self.svgs and "svg" in self.open:
            self.svgs[-1][1].append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> in the wrong place"

    def handle_data(self, data):
        (self.css if self.open and self.open[-1] == "style" else self.words).append(data)

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.elements if "id" in attrs]

    @property
    def references(self):
        """Values of attributes that could load something."""
        return [
            (tag, name, value or "")
            for tag, attrs in self.elements
            for name, value in attrs.items()
            if name in LOADING
        ]


def find_browser():
    """Chromium; skips the test where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("no Chromium here to look at the page with")
    return None


def browse(folder, page, *options):
    """What Chromium says about a page, with `options`; skips where it cannot start."""
    command = [
        find_browser(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--no-first-run", f"--user-data-dir={folder / 'browser'}", *options, page.as_uri(),
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, timeout=90, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("Chromium did not answer in time")
    if done.returncode:
        pytest.skip("Chromium does not start here")
    return done.stdout.decode("utf-8", "replace")
