"""The one exception of a build that has to stop."""

from collections.abc import Sequence


class BuildError(Exception):
    """The book can't be built as it stands.

    Args:
        rule: what must hold, in one sentence.
        findings: where it does not: `language  file:line: cause`, one a line; at least one.
        remedy: what to do about it.
    """

    def __init__(self, rule: str, findings: Sequence[str], remedy: str) -> None:
        self.rule = rule
        self.findings = tuple(findings)
        self.remedy = remedy
        super().__init__("\n".join([rule, remedy, *self.findings]))

    def __reduce__(self) -> tuple[type["BuildError"], tuple[str, tuple[str, ...], str]]:
        """Keep the three parts when the error comes from another process."""
        return BuildError, (self.rule, self.findings, self.remedy)
