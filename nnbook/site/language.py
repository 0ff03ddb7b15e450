"""Set one language of the book with Sphinx.

Sphinx keeps the language in global state, so each build of each language has a process of its own.
"""

import io
import os
import re
import shutil
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from nnbook.site.configuration import LanguageBuild, settings_for
from nnbook.site.errors import BuildError, of_machine
from nnbook.site.translations.composed import line_in_file

_COMPLETE = "complete"


def set_language(build: LanguageBuild) -> None:
    """Write the pages of one language, reading only what has changed since the last time.

    Raises:
        BuildError: if Sphinx had anything to warn of. The language is set from nothing the next time then, since
            Sphinx does not repeat the warnings of what it has read before.
    """
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    mark = build.doctrees / _COMPLETE
    if not mark.exists():
        shutil.rmtree(build.doctrees, ignore_errors=True)
        shutil.rmtree(build.pages, ignore_errors=True)
    settings = settings_for(build)
    if mark.exists() and mark.read_text(encoding="utf-8") != settings["nnbook_assets"]:
        shutil.rmtree(build.pages / "_static", ignore_errors=True)  # Sphinx adds new files but removes no old ones
    mark.unlink(missing_ok=True)
    warnings = io.StringIO()
    with patch_docutils(), docutils_namespace():
        findings = findings_of(lambda: application(build, settings, warnings).build(), build, warnings)
    if findings:
        raise warned(findings)
    mark.write_text(settings["nnbook_assets"], encoding="utf-8")


def warned(findings: Sequence[str]) -> BuildError:
    """The error that says what Sphinx had to warn of."""
    return BuildError(
        "The pages must be free of warnings.", findings, "Mend what is named; the line is where it was noticed:"
    )


def application(build: LanguageBuild, settings: dict[str, Any], warnings: io.StringIO) -> Any:
    """Sphinx with the `settings` of one language, ready to build."""
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.util.console import nocolor

    nocolor()
    return Sphinx(
        srcdir=build.book.folder(build.language),
        confdir=None,
        outdir=build.pages,
        doctreedir=build.doctrees,
        buildername=StandaloneHTMLBuilder.name,
        confoverrides=settings,
        status=None,
        warning=warnings,
    )


def findings_of(run: Callable[[], Any], build: LanguageBuild, warnings: io.StringIO) -> list[str]:
    """Call `run` and give what Sphinx wrote to `warnings`, and what stopped it, as findings.

    Raises:
        BuildError: if it was the machine that stopped it.
    """
    from sphinx.errors import SphinxError

    crash = ""
    try:
        run()
    except BuildError:
        raise
    except SphinxError as error:
        if told := of_machine(getattr(error, "orig_exc", None)):
            raise told from error
        crash = f"{error.category}: {error}"
    except Exception as error:
        if told := of_machine(error):
            raise told from error
        log = build.work / f"{build.language}.log"
        log.write_text(traceback.format_exc(), encoding="utf-8")
        crash = f"{type(error).__name__}: {error} (all of it in {log})"
    lines = [*_joined(warnings.getvalue()), *([crash] if crash else [])]
    return [f"{build.language}  {_placed(line.replace(f'{build.book.root}{os.sep}', ''), build)}" for line in lines]


def _placed(finding: str, build: LanguageBuild) -> str:
    """A `finding` with the lines of the translator's file; what Sphinx reads is composed, and may be longer."""
    source = build.book.languages[0]
    if build.language == source:
        return finding
    folder = build.book.shown(build.book.folder(build.language))

    def placed(match: re.Match[str]) -> str:
        line = line_in_file(build.book.root, source, build.language, match[1], int(match[2]))
        return f"{folder}/{match[1]}.md:{line}"

    return re.sub(rf"{re.escape(folder)}/([^:\s]+)\.md:(\d+)", placed, finding)


def _joined(text: str) -> list[str]:
    """The warnings in `text`, each on one line, none twice; a line that starts with a space belongs to the last one."""
    found: list[str] = []
    for line in text.splitlines():
        if line.startswith(" ") and found:
            found[-1] += f" {line.strip()}"
        elif line.strip():
            found.append(line.replace("WARNING: ", "").replace("ERROR: ", ""))
    return list(dict.fromkeys(found))
