"""Set one language of the book with Sphinx.

Sphinx keeps the language in global state, so each build of each language has a process of its own.
"""

import io
import os
import shutil
import traceback
from typing import Any

from nnbook.site import theme_words
from nnbook.site.configuration import LanguageBuild, settings_for
from nnbook.site.errors import BuildError

_COMPLETE = "complete"


def set_language(build: LanguageBuild) -> None:
    """Write the pages of one language, reading only what has changed since the last time.

    Raises:
        BuildError: if Sphinx had anything to warn of. The language is set from nothing the next time then, since
            Sphinx does not repeat the warnings of what it has read before.
    """
    mark = build.doctrees / _COMPLETE
    if not mark.exists():
        shutil.rmtree(build.doctrees, ignore_errors=True)
        shutil.rmtree(build.pages, ignore_errors=True)
    settings = settings_for(build)
    if mark.exists() and mark.read_text(encoding="utf-8") != settings["nnbook_assets"]:
        shutil.rmtree(build.pages / "_static", ignore_errors=True)  # Sphinx adds new files but removes no old ones
    mark.unlink(missing_ok=True)
    for style in build.pages.glob("_static/mystnb.*.css"):
        style.unlink()  # myst-nb writes it last; pages would link to it with a digest if it were there before
    shutil.rmtree(build.locale, ignore_errors=True)
    theme_words.write(build.language, build.locale)
    findings = _run_sphinx(build, settings)
    if findings:
        raise BuildError(
            "The pages must be free of warnings.", findings, "Mend what is named; the line is where it was noticed:"
        )
    mark.write_text(settings["nnbook_assets"], encoding="utf-8")


def _run_sphinx(build: LanguageBuild, settings: dict[str, Any]) -> list[str]:
    """Build and give the warnings."""
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.errors import SphinxError
    from sphinx.util.console import nocolor
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    nocolor()
    warnings = io.StringIO()
    crash = ""
    try:
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                srcdir=build.book.folder(build.language),
                confdir=None,
                outdir=build.pages,
                doctreedir=build.doctrees,
                buildername=StandaloneHTMLBuilder.name,
                confoverrides=settings,
                status=None,
                warning=warnings,
            )
            app.build()
    except SphinxError as error:
        crash = f"{error.category}: {error}"
    except Exception as error:
        log = build.work / f"{build.language}.log"
        log.write_text(traceback.format_exc(), encoding="utf-8")
        crash = f"{type(error).__name__}: {error} (all of it in {log})"
    lines = [*_joined(warnings.getvalue()), *([crash] if crash else [])]
    return [f"{build.language}  {line.replace(f'{build.book.root}{os.sep}', '')}" for line in lines]


def _joined(text: str) -> list[str]:
    """The warnings in `text`, each on one line, none twice; a line that starts with a space belongs to the last one."""
    found: list[str] = []
    for line in text.splitlines():
        if line.startswith(" ") and found:
            found[-1] += f" {line.strip()}"
        elif line.strip():
            found.append(line.replace("WARNING: ", "").replace("ERROR: ", ""))
    return list(dict.fromkeys(found))
